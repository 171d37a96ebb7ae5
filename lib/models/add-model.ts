// A base model that somebody adds: fetched where it is the Hub's, looked at, and from then on in the list of models.
import "server-only";
import { freemem } from "node:os";
import { z } from "zod";
import { type HubModel, hubModel } from "../../common/hub-models";
import { AppError } from "../../spec/errors";
import type { ModelLook } from "../../spec/reports";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { models } from "../db/tables/models";
import { workbench } from "../jobs/workbench";
import type { Watch } from "../watch";
import { describeModel } from "./describe-model";
import { fetchHubModel } from "./hub-download";

export interface Added {
  /** As run files name it: of the Hub's with the commit, which does not change. */
  source: string;
  look: ModelLook;
}

/** Throws where the model is of a family, or has an option, that is not known here. */
async function requireKnown({ id }: HubModel, path: string): Promise<void> {
  try {
    await workbench(["describe-config", path]);
  } catch (error) {
    if (!(error instanceof AppError) || error.status !== 400) throw error;
    throw new AppError(400, error.message.replaceAll(path, `${id}/config.json`), { cause: error });
  }
}

/** Whether its weights in float32 leave room for the rest: what is not tried here is told by preflight. */
const fits = ({ parameters }: ModelLook) => 4 * parameters < 0.7 * freemem();

const tried = z.object({ says: z.string() });

/** Throws a sentence where its weights, its tokenizer or its template do not do. */
async function firstWords(source: string): Promise<string> {
  return tried.parse(JSON.parse(await workbench(["try-model", source]))).says;
}

/** Throws a sentence where it cannot be fetched or used; what was fetched stays. `madeOf`: the model that it was made of here. */
export async function addModel(
  named: string,
  name: string | null,
  now: number,
  watch: Watch,
  madeOf: string | null = null,
): Promise<Added> {
  const hub = hubModel(named);
  const source = hub ? `hub:${hub.id}@${await fetchHubModel(hub, (path) => requireKnown(hub, path), watch)}` : named;
  watch.says?.("Looking at it");
  const look = await describeModel(source);
  watch.cancelled?.throwIfAborted();
  if (!look.scores && fits(look)) {
    watch.says?.("Trying it: the first words of an answer");
    look.says = await firstWords(source);
    watch.cancelled?.throwIfAborted();
  }
  await retryOnBusyAsync(() => {
    const from = madeOf ?? look.madeOf ?? null;
    const values = { source, name: name ?? hub?.id ?? null, look, addedAt: now, madeOf: from, removedAt: null };
    appDb().insert(models).values(values).onConflictDoUpdate({ target: models.source, set: values }).run();
  });
  return { source, look };
}
