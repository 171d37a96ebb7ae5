// What to change in a plan of training that does not fit on its devices.
import type { StepPlan } from "./activations";
import type { Device } from "./devices";
import type { StatesPlan } from "./model-states";
import { type ModelNeeds, requirements, type TrainingPlan } from "./requirements";

/** LoRA's rank in what is proposed; its memory is small whatever it is. */
export const proposedRank = 16;

type Change = [change: string, more: Partial<TrainingPlan>];

/** What to change, of what costs little to what costs much, until it fits on a device; null where all of it is not enough. */
export function whatFits(
  model: ModelNeeds,
  plan: TrainingPlan,
  device: Device,
): { changes: string[]; plan: TrainingPlan } | null {
  const isDivided = plan.devices >= 2 * plan.tensorParallel * plan.pipelineParallel;
  const steps: Change[] = [
    ["recompute attention", { recompute: "attention" }],
    ["recompute whole layers", { recompute: "block" }],
    ["one row at a time, and more accumulation", { rows: 1 }],
    ...(isDivided ? stagesWith(plan) : []),
    ["LoRA instead of every weight", { adapter: plan.adapter ?? proposedRank * model.sides }],
    ["the frozen layers in 4 bits (QLoRA)", { isQuantised: true }],
    offloading(plan, isDivided),
  ];
  const planOf = (changes: Change[]): TrainingPlan => Object.assign({}, plan, ...changes.map(([, more]) => more));
  const fits = (changes: Change[]) => requirements(model, planOf(changes), device).bytes <= device.memory;
  const useful = steps.filter(([, more]) => !isAlready(plan, more));
  const enough = useful.map((_, i) => useful.slice(0, i + 1)).find(fits);
  if (!enough) return null;
  const needed = enough.reduce((left, change) => {
    const without = left.filter((other) => other !== change);
    return fits(without) ? without : left;
  }, enough);
  return { changes: needed.map(([change]) => change), plan: planOf(needed) };
}

/** DeepSpeed's pipelines keep gradients and weights undivided. */
export const stagesBeside = ({ pipelineParallel }: Pick<StepPlan, "pipelineParallel">): StatesPlan["zeroStage"][] =>
  pipelineParallel > 1 ? [0, 1] : [0, 1, 2, 3];

const stagesWith = (plan: TrainingPlan): Change[] =>
  (plan.pipelineParallel > 1 ? ([1] as const) : ([2, 3] as const)).map((zeroStage) => [
    `ZeRO ${zeroStage}`,
    { zeroStage },
  ]);

/** What is not divided has no stage yet, and offloading needs one. */
function offloading(plan: TrainingPlan, isDivided: boolean): Change {
  if (plan.zeroStage > 0 || isDivided) return ["offload to the machine's memory", { offload: "cpu" }];
  const zeroStage = plan.pipelineParallel > 1 ? 1 : 2;
  return [`ZeRO ${zeroStage}, offloaded to the machine's memory`, { offload: "cpu", zeroStage }];
}

const strength = { none: 0, attention: 1, block: 2 };

/** Whether a plan does as much or more. */
function isAlready(plan: TrainingPlan, { zeroStage, recompute, ...more }: Partial<TrainingPlan>): boolean {
  if (recompute) return strength[plan.recompute] >= strength[recompute];
  if (zeroStage !== undefined && !more.offload) return plan.zeroStage >= zeroStage;
  return Object.entries(more).every(([name, value]) => plan[name as keyof TrainingPlan] === value);
}
