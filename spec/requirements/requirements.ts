// What it would take to train a model by an engine of many devices: memory of each, time, and what to change where it does not fit.
import { activationBytes, logitsBytes, type ModelShape, type StepPlan } from "./activations";
import type { Device } from "./devices";
import { type ModelSize, modelStates, type StatesPlan } from "./model-states";

export type ModelNeeds = ModelSize & ModelShape & { /** Numbers that LoRA of rank 1 trains. */ sides: number };
export type TrainingPlan = StatesPlan & StepPlan;

export interface Requirements {
  /** Bytes on each device. */
  parts: { name: string; bytes: number }[];
  bytes: number;
  /** Bytes of each machine's own memory. */
  host: number;
  /** Of a step over all devices. */
  tokensPerStep: number;
  secondsPerStep: number;
  /** What each device sends and receives in a step, in bytes. */
  communication: number;
}

/** Share of a device's peak that training reaches (model FLOPs utilisation). */
const utilisation = 0.4;

export function requirements(model: ModelNeeds, plan: TrainingPlan, device: Device): Requirements {
  const { tensorParallel, pipelineParallel, devices } = plan;
  const split = tensorParallel * pipelineParallel;
  const replicas = Math.max(1, Math.floor(devices / split));
  const part = (numbers: number) => numbers / split;
  const size = {
    parameters: part(model.parameters),
    linear: part(model.linear),
    largest: model.largest / tensorParallel,
  };
  const adapter = plan.adapter === null ? null : part(plan.adapter);
  const states = modelStates(size, { ...plan, adapter, devices: replicas });
  const parts = [
    { name: "Weights", bytes: states.weights },
    { name: "Gradients", bytes: states.gradients },
    { name: "Optimizer states", bytes: states.optimizer },
    { name: "Activations", bytes: activationBytes(model, plan) },
    { name: "Logits", bytes: logitsBytes(model, plan) },
  ];
  const tokensPerStep = plan.rows * plan.tokens * replicas;
  const seconds = (operationsPerToken(model, plan) * tokensPerStep) / (devices * device.operations * utilisation);
  return {
    parts,
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    host: states.host,
    tokensPerStep,
    secondsPerStep: seconds,
    communication: communicated(size, adapter, plan, replicas) + communicatedByLayers(model, plan),
  };
}

/** Two operations of each weight forward, two for the gradient of what goes in, two for its own where it is trained; forward again if recomputed. */
function operationsPerToken({ parameters }: ModelNeeds, { adapter, recompute }: TrainingPlan): number {
  return parameters * (4 + (adapter === null ? 2 : 0) + (recompute === "block" ? 2 : 0));
}

/**
 * Gradients summed over N devices: each sends and receives 2 (N − 1) / N of them. ZeRO 3 gathers weights forward and backward and scatters gradients,
 * half as much again (Rajbhandari et al. 2020, section 7).
 */
function communicated(
  { parameters }: ModelSize,
  adapter: number | null,
  { zeroStage }: TrainingPlan,
  replicas: number,
): number {
  const around = (replicas - 1) / replicas;
  const gradients = 2 * (adapter ?? parameters);
  return zeroStage === 3 ? around * (2 * 2 * parameters + gradients) : 2 * around * gradients;
}

/** Tensor parallelism sums each layer's output twice forward and twice backward; a pipeline hands it on once each way. */
function communicatedByLayers({ layers, hiddenSize }: ModelNeeds, plan: TrainingPlan): number {
  const { rows, tokens, tensorParallel, pipelineParallel } = plan;
  const output = 2 * rows * tokens * hiddenSize;
  const summed = ((2 * (tensorParallel - 1)) / tensorParallel) * output * 4 * (layers / pipelineParallel);
  return summed + (pipelineParallel > 1 ? 2 * output : 0);
}

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
    ...(isDivided ? dividing : []),
    ["LoRA instead of every weight", { adapter: plan.adapter ?? 16 * model.sides }],
    ["the frozen layers in 4 bits (QLoRA)", { isQuantised: true }],
    [
      "offload to the machine's memory",
      { offload: "cpu", ...(plan.zeroStage === 0 && !isDivided && { zeroStage: 2 }) },
    ],
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

const dividing: Change[] = [
  ["ZeRO 2", { zeroStage: 2 }],
  ["ZeRO 3", { zeroStage: 3 }],
];
const strength = { none: 0, attention: 1, block: 2 };

/** Whether a plan does as much or more. */
function isAlready(plan: TrainingPlan, { zeroStage, recompute, ...more }: Partial<TrainingPlan>): boolean {
  if (recompute) return strength[plan.recompute] >= strength[recompute];
  if (zeroStage !== undefined && !more.offload) return plan.zeroStage >= zeroStage;
  return Object.entries(more).every(([name, value]) => plan[name as keyof TrainingPlan] === value);
}
