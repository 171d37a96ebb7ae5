// What a model's weights, gradients and optimizer states take where several devices train it, as DeepSpeed estimates it.
// ZeRO: Rajbhandari et al. 2020, arXiv:1910.02054, figure 1. Bytes throughout.

import type { FourBitType } from "../fields/model";

export interface ModelSize {
  parameters: number;
  /** Of them those in linear layers, which QLoRA holds in 4 bits. */
  linear: number;
  /** Parameters of the largest tensor with its bias: ZeRO 3 gathers it whole. */
  largest: number;
}

export interface StatesPlan {
  /** How many parameters an adapter trains beside the frozen model; null: every weight is trained. */
  adapter: number | null;
  /** Frozen linear layers in 4 bits (NF4 with double quantisation). */
  isQuantised: boolean;
  zeroStage: 0 | 1 | 2 | 3;
  offload: "none" | "cpu";
  /** Those that ZeRO divides among, and how many of them are in each machine. */
  devices: number;
  devicesPerMachine: number;
}

export interface States {
  /** On each device. */
  weights: number;
  gradients: number;
  optimizer: number;
  /** Of the machine's own memory, where something lies there. */
  host: number;
}

/** A weight in 16 bits; of each trained one a gradient in 16 and in 32 bits, and a copy of the weight and Adam's two means in 32. */
const bytesOf = { weight: 2, optimizer: 4 + 8 };
/** ZeRO 3 frees those in 16 bits layer by layer. */
const gradientBytes = (zeroStage: StatesPlan["zeroStage"]) => (zeroStage === 3 ? 4 : 2 + 4);
/** Of a number in 4 bits, with its share of the scale of a block of 64: 4 bytes, or one and a share of the scale of 256 of those. */
export const fourBitBytes = (type: FourBitType): number => 4 / 8 + (type.endsWith("-double") ? 1 + 4 / 256 : 4) / 64;
/** DeepSpeed's margin for buffers in the machine's memory. */
const hostBuffers = 1.5;

/** Weights, gradients and optimizer states of mixed precision by AdamW. `host` is of the devices of one machine together. */
export function modelStates(size: ModelSize, plan: StatesPlan): States {
  const { devices, zeroStage, adapter } = plan;
  const trained = adapter ?? size.parameters;
  const share = (from: number) => (zeroStage >= from ? 1 / devices : 1);
  const frozen = adapter === null ? 0 : frozenBytes(size, plan.isQuantised);
  const isHeldByHost = plan.offload === "cpu" && zeroStage > 0;
  const gathered = zeroStage === 3 ? 2 * bytesOf.weight * size.largest : 0;
  const weights = isHeldByHost && zeroStage === 3 ? 0 : (frozen + bytesOf.weight * trained) * share(3);
  return {
    weights: weights + gathered,
    gradients: isHeldByHost ? 0 : gradientBytes(zeroStage) * trained * share(2),
    optimizer: isHeldByHost ? 0 : bytesOf.optimizer * trained * share(1),
    host: isHeldByHost ? hostBytes(size, trained, frozen, plan) : 0,
  };
}

export const frozenBytes = ({ parameters, linear }: ModelSize, isQuantised: boolean): number =>
  isQuantised
    ? fourBitBytes("nf4-double") * linear + bytesOf.weight * (parameters - linear)
    : bytesOf.weight * parameters;

/** Of each machine. Every process loads the whole model in float32 before it is divided (DeepSpeed counts those of all machines below ZeRO 3). */
function hostBytes(
  { parameters }: ModelSize,
  trained: number,
  frozen: number,
  { zeroStage, devices, devicesPerMachine }: StatesPlan,
): number {
  if (zeroStage < 3) return Math.max(4 * devices * parameters, 16 * trained) * hostBuffers;
  const machines = Math.ceil(devices / devicesPerMachine);
  const here = Math.min(devices, devicesPerMachine);
  return Math.max(4 * here * parameters, (18 * trained + frozen) / machines) * hostBuffers;
}
