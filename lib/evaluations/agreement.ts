// How often a run's model agrees with the preferences of a dataset: a reward model by its score, a policy by its implicit reward.
import "server-only";
import { AppError } from "../../spec/errors";
import type { EvaluationSettings } from "../../spec/evaluations";
import { methodOf } from "../../spec/methods/all";
import { dataFile } from "../datasets/data-files";
import { retryOnBusyAsync } from "../db/busy";
import type { Run } from "../db/tables/runs";
import { latestStep } from "../history/metric-rows";
import { dataName } from "../runs/data-source";
import { freezerFor } from "../runs/freeze-elsewhere";
import { adapterFolder, checkpointFolder, requireRun } from "../runs/require-run";
import { rowsOfSet } from "../runs/rows-of-set";
import { foundBy, inHand } from "./evaluate";
import type { NewAgreement } from "./evaluation-schema";
import { comparedWith, keepEvaluation } from "./store";

/** Begins it as a job. The rows are those of now. */
export async function startAgreement(
  id: string,
  { data, category, heldOutOnly, limit, step }: NewAgreement,
  startedBy: number | null,
): Promise<void> {
  const run = requireRun(id);
  const folder = step === null ? adapterFolder(id) : checkpointFolder(id, step);
  if (folder === null) throw new AppError(404, "This run has saved no adapter yet.");
  const freeze = await freezerFor({ data, config: { method: "dpo" } }, Date.now());
  const source = await retryOnBusyAsync(() => rowsOfSet(data, { method: "dpo" }, freeze));
  const heldOut = heldOutOnly ? heldOutOf(run) : 0;
  const base = comparedWith(run);
  if (base === null)
    throw new AppError(400, "This run began at random weights: there is no model that it could have moved away from.");
  const settings: EvaluationSettings = {
    ...{ folder: null, limit, fewShot: null, chatTemplate: true },
    preferences: { rows: source, category, heldOut },
  };
  const reached = step ?? latestStep(id);
  inHand(run, async (job) => {
    const options = {
      ...{ name: `Agreement with ${dataName(source) ?? source}`, category, dtype: base.dtype },
      [methodOf(run.config).produces === "policy" ? "policy" : "reward"]: folder,
      ...(heldOut > 0 && { "held-out": String(heldOut) }),
      ...(limit !== null && { limit: String(limit) }),
      ...referenceOf(run),
    };
    const report = await foundBy(job, ["evaluate-preferences", base.source, dataFile(source)], options);
    await keepEvaluation({ run: { id, step: reached }, base, settings, startedBy }, report, Date.now());
  });
}

function heldOutOf({ config }: Run): number {
  const share = "heldOut" in config.data ? config.data.heldOut : 0;
  if (!share) throw new AppError(400, "heldOutOnly: this run has held no prompts out; ask all rows");
  return share;
}

/** What a policy's implicit reward is measured against, where it is not the base. */
function referenceOf({ config }: Run): { reference?: string } {
  if (!("reference" in config) || config.reference === "base") return {};
  if (config.reference !== "initial") return { reference: config.reference };
  const { adapter } = config;
  return adapter && "init" in adapter && adapter.init ? { reference: adapter.init } : {};
}
