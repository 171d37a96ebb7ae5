// A run by id, or a 404; its adapter and checkpoints.
import "server-only";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { weightFiles } from "../../common/weight-files";
import { AppError } from "../../spec/errors";
import { seenRuns } from "../access/hidden-runs";
import type { Run } from "../db/tables/runs";
import { checkpointsOf, getRun } from "./attempts";
import { folderOf } from "./folder";

/** The run, or a 404 that names it. */
export function requireRun(id: string): Run {
  const run = getRun(id);
  if (!run || seenRuns([run]).length === 0) throw new AppError(404, `There is no run ${id}.`);
  return run;
}

const hasWeights = (folder: string) =>
  weightFiles.some((name) => existsSync(join(/* turbopackIgnore: true */ folder, name)));

/** The finished adapter or model, else the newest checkpoint's. */
export function adapterFolder(id: string): string | null {
  const run = getRun(id);
  if (!run) return null;
  const candidates = [folderOf(run), ...checkpointsOf(id).map(({ folder }) => folder)];
  return candidates.find(hasWeights) ?? null;
}

const best = z.object({ step: z.int(), heldOutLoss: z.number() });

/** The step with the lowest held-out loss, where the run keeps one. */
export function bestOf(run: Run): z.infer<typeof best> | null {
  const [folder, record] = [join(folderOf(run), "best"), join(folderOf(run), "best.json")];
  if (!existsSync(record) || !hasWeights(folder)) return null;
  return best.parse(JSON.parse(readFileSync(record, "utf8")));
}

export function checkpointFolder(id: string, step: number): string {
  const checkpoint = checkpointsOf(id).find((one) => one.step === step);
  if (!checkpoint) throw new AppError(404, `Run ${requireRun(id).name} has no checkpoint of step ${step}.`);
  return checkpoint.folder;
}
