// What the form's lists offer.
import { type RunSummary, type TrainingSet, trainFirst } from "@/lib/runs/run-schema";
import type { Option } from "./field-input";
import type { Field } from "./fields";

const rewardModels = ["ppo.reward.model", "rloo.reward.model", "grpo.reward.model", "iterativeDpo.judge.model"];
/** Fields that take what a reward run left behind. */
const scored = [...rewardModels, "ppo.value.init", "sampleReward"];

const waiting = ({ status }: RunSummary) => status === "queued" || status === "running";

export function optionsOf(field: Field, runs: RunSummary[], sets: TrainingSet[], value: unknown): Option[] {
  const { path } = field;
  if (path === "iterativeDpo.judge.queue")
    return [
      { value: "new", label: "a new queue of this run" },
      ...sets.flatMap(({ kind, id, name }) => (kind === "queue" ? [{ value: String(id), label: name }] : [])),
    ];
  if (scored.includes(path))
    return [
      ...(rewardModels.includes(path) ? [{ value: trainFirst, label: "train one first, on the same pairs" }] : []),
      ...runs
        .filter((run) => run.method === "reward" && (run.status === "finished" || waiting(run)))
        .map((run) => ({
          value: `run:${run.id}`,
          label: `${run.name} (${run.model})${waiting(run) ? ", waits until it has finished" : ""}`,
        })),
    ];
  if (path === "adapter.init") return adapters(runs, value);
  return field.choices.map((choice) => ({ value: choice, label: choice }));
}

/** Runs that left an adapter of a policy; a checkpoint that the form was opened with. */
function adapters(runs: RunSummary[], value: unknown): Option[] {
  const [, id, step] = (typeof value === "string" && /^run:(\w+)@(\d+)$/.exec(value)) || [];
  const fork = runs.find((run) => run.id === id);
  return [
    ...(fork ? [{ value: String(value), label: `${fork.name}, checkpoint of step ${step}` }] : []),
    ...runs
      .filter((run) => run.method !== "reward" && run.status === "finished" && run.origin === null)
      .map((run) => ({ value: `run:${run.id}`, label: `${run.name} (${run.model})` })),
  ];
}
