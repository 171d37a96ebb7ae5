// Every model that the workbench knows: those that come with it, those that runs started from, and what finished runs left behind.
import "server-only";
import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { desc, isNull } from "drizzle-orm";
import { runOfPath } from "../../common/env";
import { modelPath } from "../../common/model-paths";
import { adapterWeightFiles, weightFiles } from "../../common/weight-files";
import { methodOf } from "../../spec/methods/all";
import { isFromScratch } from "../../spec/methods/sft";
import { bundledModel, bundledModels } from "../../spec/models";
import { seenRuns } from "../access/hidden-runs";
import { appDb } from "../db/client";
import { models } from "../db/tables/models";
import { type Run, runs } from "../db/tables/runs";
import { dataName, dataPage } from "../runs/data-source";
import { folderOf } from "../runs/folder";
import { withRuns } from "../runs/references";
import { bytesIn } from "../storage/bytes-in";
import { lookWords } from "./look-words";
import { asTree } from "./model-tree";
import type { KnownModel, Stage } from "./models-schema";

/** Each under what it was trained from. */
export async function listModels(): Promise<KnownModel[]> {
  const known = seenRuns(
    appDb().select().from(runs).where(isNull(runs.archivedAt)).orderBy(desc(runs.createdAt)).all(),
  );
  const noted = new Map(
    appDb()
      .select()
      .from(models)
      .all()
      .map((model) => [model.source, model]),
  );
  return asTree([...(await basesOf(known, noted)), ...tunedOf(known, noted)]);
}

type Listed = Omit<KnownModel, "depth">;

type Noted = Map<string, typeof models.$inferSelect>;
type Look = (typeof models.$inferSelect)["look"];

/** Bundled ones first, then those that were added, then what runs named by its path. */
async function basesOf(known: Run[], noted: Noted): Promise<Listed[]> {
  const trained = known.filter(({ origin }) => origin === null);
  const named = trained.map(({ config }) => config.model.source);
  const isListed = (source: string) => {
    const { removedAt: since = null } = noted.get(source) ?? {};
    return (
      since === null || trained.some(({ config, createdAt }) => config.model.source === source && createdAt > since)
    );
  };
  const added = [...noted.values()].filter(({ addedAt }) => addedAt !== null).map(({ source }) => source);
  const sources = [...new Set([...bundledModels.map(({ name }) => name), ...added, ...named])]
    .filter((source) => runOfPath(source) === null) // what runs left stands under them
    .filter(isListed);
  return Promise.all(
    sources.map(async (source): Promise<Listed> => {
      const path = pathOf(source);
      const { name: given, look = null, addedAt = null, madeOf = null } = noted.get(source) ?? {};
      const name = given ?? source;
      const parent = madeOf && (runOfPath(madeOf) ?? madeOf);
      return {
        kind: "base",
        id: source,
        name,
        about: [bundledModel(source)?.about ?? (name === source ? "" : source), look && lookWords(look)]
          .filter(Boolean)
          .join(" · "),
        stage: baseStage(source, look),
        parent,
        scores: look?.scores ?? false,
        bytes: path === null ? null : await bytesIn(path),
        base: madeOf && (known.find(({ id }) => id === parent)?.name ?? noted.get(madeOf)?.name ?? madeOf),
        data: null,
        usedBy: named.filter((one) => one === source).length,
        at: addedAt,
      };
    }),
  );
}

/** A chat template is what a model has that was taught to follow instructions. */
function baseStage(source: string, look: Look): Stage | null {
  if (bundledModel(source)) return "instruct";
  if (look === null) return null;
  if (look.scores) return "reward";
  return look.template ? "instruct" : "base";
}

/** Whose adapter it started from, or the model under it. */
function parentOf({ config }: Run): string {
  const init = config.adapter?.init ?? null;
  return (init !== null && runOfPath(init)) || runOfPath(config.model.source) || config.model.source;
}

/** Null where it is no longer there. */
function pathOf(source: string): string | null {
  try {
    return modelPath(source);
  } catch {
    return null;
  }
}

/** Pre-training begins at random weights. */
function stageOf({ method, config }: Run): Stage {
  if (methodOf({ method }).produces === "reward-model") return "reward";
  if (method !== "sft") return "chat";
  return isFromScratch(config) ? "base" : "instruct";
}

/** What runs that have finished left behind, where it is still there. */
function tunedOf(known: Run[], noted: Noted): Listed[] {
  const uses = known.map(({ config }) => withRuns(config).uses);
  return known.flatMap((run): Listed[] => {
    const folder = folderOf(run);
    const file = weightFiles.map((name) => join(folder, name)).find((path) => existsSync(path));
    if (run.status !== "finished" || run.origin !== null || file === undefined) return [];
    const { id, name, method, config, finishedAt } = run;
    const { produces, label } = methodOf({ method });
    const data = dataName(config.data.train);
    return [
      {
        kind:
          produces === "reward-model" ? "reward" : adapterWeightFiles.includes(basename(file)) ? "adapter" : "weights",
        id,
        name,
        about: label,
        stage: stageOf(run),
        parent: parentOf(run),
        scores: false,
        bytes: statSync(file).size,
        base: noted.get(config.model.source)?.name ?? config.model.source,
        data: data === null ? null : { name: data, dataset: dataPage(config.data.train) },
        usedBy: uses.filter((used, i) => known[i] !== run && used.includes(id)).length,
        at: finishedAt,
      },
    ];
  });
}
