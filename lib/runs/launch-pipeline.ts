// All runs of a pipeline, looked at and put into the queue together: each waits for those that it takes something from.
import "server-only";
import { runFolder } from "../../common/env";
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
    looked.push({ config, after }); // with the base's own model: what is pre-trained has its architecture and tokenizer, and is not there yet
  }
  const reports = await examined(looked);
  const withMemory = planned.map((one, i) => ({ ...one, memory: peakOf(reports[i]!) }));
  return retryOnBusyAsync(() => launch(withMemory, {}, now, startedBy));
}

const dataOf = ({ data }: PipelineStep, { pretraining, supervised, preferences }: PipelineInput) =>
  ({ pretraining, supervised, preferences })[data]!;

const inFolders = ({ config }: PipelineStep, ids: Map<StepKey, string>): PipelineStep["config"] => {
  const folders = new Map([...ids].map(([key, id]) => [placeOf(key), runFolder(id)]));
  return JSON.parse(JSON.stringify(config), (_, value) => folders.get(value) ?? value);
};
