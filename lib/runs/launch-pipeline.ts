// All runs of a pipeline, looked at and put into the queue together: each waits for those that it takes something from.
import "server-only";
import { runFolder } from "../../common/env";
import type { RunConfig } from "../../spec/config";
import { methodOf } from "../../spec/methods/all";
import { retryOnBusyAsync } from "../db/busy";
import { newRunId } from "./attempts";
import { freezerFor } from "./freeze-elsewhere";
import { type Described, launch, type Planned, resolveRun } from "./launch";
import { type PipelineInput, type PipelineStep, pipelineSteps, placeOf, type StepKey } from "./pipeline";
import { examined, peakOf } from "./preflight";

/** Launches what passes, or nothing. The answer has the runs' ids in the order of the steps. */
export async function launchPipeline(
  input: PipelineInput,
  now: number,
  startedBy: number | null,
): Promise<{ id: string; ids: string[] }> {
  const steps = pipelineSteps(input);
  const ids = new Map(steps.map(({ key }): [StepKey, string] => [key, newRunId(now)]));
  const planned: Planned[] = [];
  const looked: Described[] = [];
  let startOfPolicies: RunConfig["adapter"] = null;
  for (const step of steps) {
    const described = { data: dataOf(step, input), config: inFolders(step, ids) };
    const freeze = await freezerFor(described, now);
    const id = ids.get(step.key)!;
    const resolved = await retryOnBusyAsync(() => resolveRun(described, runFolder(id), freeze));
    const after = [...resolved.after, ...step.uses.map(({ key }) => ids.get(key)!)];
    const { config } = resolved;
    const base = step.uses.find(({ as }) => as === "trains");
    const model = base ? { ...config.model, source: runFolder(ids.get(base.key)!) } : config.model;
    planned.push({ id, name: step.name, after, config: { ...config, model } });
    // What an earlier step makes is not there yet: of the base its architecture and tokenizer are looked at, of what SFT leaves its size.
    if (step.key === "sft") startOfPolicies = config.adapter;
    const goesOn = step.uses.some(({ as }) => as === "starts from") && methodOf(config).produces === "policy";
    looked.push({ config: goesOn ? overFresh(config, startOfPolicies) : config, after });
  }
  const reports = await examined(looked);
  const withMemory = planned.map((one, i) => ({ ...one, memory: peakOf(reports[i]!) }));
  return retryOnBusyAsync(() => launch(withMemory, {}, now, startedBy));
}

/** With a fresh adapter, which starts as the base. */
const overFresh = (config: RunConfig, adapter: RunConfig["adapter"]): RunConfig => ({
  ...config,
  adapter,
  ...("reference" in config && { reference: "base" }),
});

const dataOf = ({ data }: PipelineStep, { pretraining, supervised, preferences }: PipelineInput) =>
  ({ pretraining, supervised, preferences })[data]!;

const inFolders = ({ config }: PipelineStep, ids: Map<StepKey, string>): PipelineStep["config"] => {
  const folders = new Map([...ids].map(([key, id]) => [placeOf(key), runFolder(id)]));
  return JSON.parse(JSON.stringify(config), (_, value) => folders.get(value) ?? value);
};
