// Who is chatted with: a run's policy, or a base model as it came, which is named `base:MODEL`.
import "server-only";
import { eq } from "drizzle-orm";
import { modelPath } from "../../common/model-paths";
import { AppError } from "../../spec/errors";
import { type HeldBase, heldInFull } from "../../spec/fields/model";
import { appDb } from "../db/client";
import { models } from "../db/tables/models";
import type { Run } from "../db/tables/runs";
import { requireAllowedModel } from "./allowed";
import { adapterFolder, checkpointFolder, requireRun } from "./require-run";

export interface ChatSubject {
  /** The run's id, or `base:MODEL`. */
  id: string;
  name: string;
  /** Its model as answering reads it, without what only training does. */
  model: { source: string; dtype?: string };
  /** In what its base was held while it was trained. */
  held: HeldBase;
  isBase: boolean;
}

/** Runs from before it could be quantised do not say. */
export function heldBaseOf({ model }: Run["config"]): HeldBase {
  const { quantisation = null, unquantised = [] }: Partial<HeldBase> = "quantisation" in model ? model : {};
  return { quantisation, unquantised: unquantised.toSorted() };
}

const before = "base:";
export const baseSubject = (source: string): string => before + source;

/** Throws a 404 where there is none. */
export function subjectOf(id: string): ChatSubject {
  if (id.startsWith(before)) return baseNamed(id.slice(before.length));
  const { name, config } = requireRun(id);
  const { source } = config.model;
  const model = { source, ...("dtype" in config.model && { dtype: config.model.dtype }) };
  return { id, name, model, held: heldBaseOf(config), isBase: false };
}

function baseNamed(source: string): ChatSubject {
  try {
    requireAllowedModel("model", source);
    modelPath(source);
  } catch (error) {
    throw new AppError(404, error instanceof Error ? error.message : String(error), { cause: error });
  }
  const noted = appDb().select({ name: models.name }).from(models).where(eq(models.source, source)).get();
  return { id: baseSubject(source), name: noted?.name ?? source, model: { source }, held: heldInFull, isBase: true };
}

/** The adapter that it answers with at a step, null being the last one; a base model answers without one. */
export function adapterAt({ id, isBase }: ChatSubject, step: number | null): string | null {
  if (isBase) {
    if (step === null) return null;
    throw new AppError(400, "A base model has no checkpoints; leave the step out.");
  }
  const folder = step === null ? adapterFolder(id) : checkpointFolder(id, step);
  if (!folder) throw new AppError(404, "This run has saved no adapter yet.");
  return folder;
}
