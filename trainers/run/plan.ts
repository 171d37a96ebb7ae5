// How a run recomputes activations and the size of its micro-batches, fixed when its first attempt starts.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { whenThereIsRoom } from "../../common/full-disk";
import { keptPlan } from "../../common/kept-plan";
import type { RunConfig } from "../../spec/config";
import type { Plan } from "../../spec/reports";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { planMemory } from "./memory";
import type { Observer } from "./observer";
import type { RunData } from "./prepare";

/** The plan of the run's earlier attempts, so that it resumes bit for bit, or a new one; kept in run.json with the rest of the config. */
export function resolvePlan(
  config: RunConfig,
  { config: model, host }: Pick<LoadedFiles, "config" | "host">,
  { longestRow, longestText }: Pick<RunData, "longestRow" | "longestText">,
  isResumed: boolean,
  { note }: Observer,
): Plan {
  const plan = planMemory(
    { ...config, ...(isResumed && keptPlan(config.output)) },
    model,
    longestRow,
    host,
    longestText,
  );
  const { recompute, microBatchTokens } = plan;
  const resolved = { ...withPaging(config, plan), recompute, microBatchTokens };
  const text = `${JSON.stringify(resolved, null, 2)}\n`;
  whenThereIsRoom(() => writeFileSync(join(config.output, "run.json"), text));
  note(
    `recompute ${recompute}, ${microBatchTokens} tokens per micro-batch${plan.paged ? ", optimizer states on disk" : ""}; about ${(plan.peak / 1e9).toFixed(1)} GB of memory at the peak`,
  );
  return plan;
}

/** The run with its optimiser's states where the plan has them. */
export const withPaging = (config: RunConfig, { paged }: Plan): RunConfig => ({
  ...config,
  optimizer: { ...config.optimizer, paged },
});
