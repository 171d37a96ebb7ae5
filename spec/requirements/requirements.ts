// What it would take to train a model by an engine of many devices: memory of each, time, and what they send each other.
import { activationBytes, logitsBytes, type ModelShape, type StepPlan } from "./activations";
import type { Device } from "./devices";
import { frozenBytes, type ModelSize, modelStates, type StatesPlan } from "./model-states";

export type ModelNeeds = ModelSize &
  ModelShape & {
    /** Parameters that a token meets: of a mixture of experts those of its own. */
    active: number;
    /** Parameters that LoRA of rank 1 trains. */
    sides: number;
  };
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
  /** What each device sends and receives in a step, in bytes, and the seconds that it takes by itself. */
  communication: number;
  communicationSeconds: number;
}

/** Share of a device's peak that training reaches (model FLOPs utilisation). */
const utilisation = 0.4;

export function requirements(model: ModelNeeds, plan: TrainingPlan, device: Device): Requirements {
  const { tensorParallel, pipelineParallel, devices } = plan;
  const split = tensorParallel * pipelineParallel;
  const replicas = Math.max(1, Math.floor(devices / split));
  const part = (parameters: number) => parameters / split;
  const replicasHere = Math.min(replicas, Math.max(1, Math.floor(plan.devicesPerMachine / split)));
  const partsHere = Math.min(split, plan.devicesPerMachine);
  const size = {
    parameters: part(model.parameters),
    linear: part(model.linear),
    largest: model.largest / tensorParallel,
  };
  const adapter = plan.adapter === null ? null : part(plan.adapter);
  const states = modelStates(size, { ...plan, adapter, devices: replicas, devicesPerMachine: replicasHere });
  const parts = [
    { name: "Weights", bytes: states.weights },
    { name: "Gradients", bytes: states.gradients },
    { name: "Optimizer states", bytes: states.optimizer },
    { name: "Activations", bytes: activationBytes(model, plan) },
    { name: "Logits", bytes: logitsBytes(model, plan) },
  ];
  const tokensPerStep = plan.rows * plan.tokens * replicas;
  const secondsPerStep =
    (operationsPerToken(model, plan) * tokensPerStep) / (devices * device.operations * utilisation);
  const amongReplicas = communicated(size, { ...plan, adapter }, replicas);
  const amongLayers = communicatedByLayers(model, plan);
  return {
    parts,
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    host: partsHere * states.host,
    tokensPerStep,
    secondsPerStep,
    communication: amongReplicas + amongLayers,
    communicationSeconds:
      amongReplicas / rate(device, replicas, replicasHere) + amongLayers / rate(device, split, partsHere),
  };
}

/** Of a ring of devices: what they reach in a machine, or over the network cards of those that are in the same machine. */
const rate = ({ bandwidth, network }: Device, inAll: number, here: number): number =>
  inAll > here ? Math.min(bandwidth, here * network) : bandwidth;

/**
 * Two operations of each weight forward, two for the gradient of what goes in, two for its own where it is trained; of attention four of each pair
 * of tokens and number of a head forward, twice as many backward (Chowdhery et al. 2022, arXiv:2204.02311, appendix B); forward again if recomputed.
 */
function operationsPerToken(
  { active, layers, heads, headDim }: ModelNeeds,
  { adapter, recompute, tokens }: TrainingPlan,
): number {
  const weights = 2 * active;
  const attention = 4 * layers * heads * headDim * tokens;
  const again = { none: 0, attention, block: weights + attention }[recompute];
  return weights * (adapter === null ? 3 : 2) + 3 * attention + again;
}

/**
 * Gradients summed over N devices: each sends and receives 2 (N − 1) / N of them. ZeRO 3 gathers weights forward and backward, as they are held, and
 * scatters gradients, half as much again (Rajbhandari et al. 2020, section 7).
 */
function communicated(size: ModelSize, { adapter, isQuantised, zeroStage }: StatesPlan, replicas: number): number {
  const around = (replicas - 1) / replicas;
  const trained = 2 * (adapter ?? size.parameters);
  const weights = trained + (adapter === null ? 0 : frozenBytes(size, isQuantised));
  return around * (zeroStage === 3 ? 2 * weights + trained : 2 * trained);
}

/** Tensor parallelism sums each layer's output twice forward, as often backward and where it is computed again; a pipeline hands it on once each way. */
function communicatedByLayers({ layers, hiddenSize }: ModelNeeds, plan: TrainingPlan): number {
  const { rows, tokens, tensorParallel, pipelineParallel, recompute } = plan;
  const output = 2 * rows * tokens * hiddenSize;
  const times = recompute === "block" ? 6 : 4;
  const summed = ((2 * (tensorParallel - 1)) / tensorParallel) * output * times * (layers / pipelineParallel);
  return summed + (pipelineParallel > 1 ? 2 * output : 0);
}
