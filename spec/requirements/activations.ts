// What a step keeps for its backward pass, and what sampling keeps of the tokens before. Bytes throughout, of numbers in 16 bits.

export interface ModelShape {
  layers: number;
  hiddenSize: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  vocabulary: number;
}

export interface StepPlan {
  /** Rows on a device at a time, and tokens of each. */
  rows: number;
  tokens: number;
  /** What is computed again in the backward pass instead of being kept. */
  recompute: "none" | "attention" | "block";
  /** Devices that share each layer's matrices, and the sequence outside of them. */
  tensorParallel: number;
  /** Devices that have some of the layers each. */
  pipelineParallel: number;
}

/**
 * Of the layers. Korthikanti et al. 2022, arXiv:2205.05198, equations 4 and 6 and table 2 (tensor and sequence parallelism): of each layer
 * sbh (34 + 5as/h) / t, without the attention matrices 34sbh / t, and 2sbh of a whole layer that is computed again (what goes into it, which every
 * device has whole), beside one that is.
 */
export function activationBytes(shape: ModelShape, { rows, tokens, recompute, ...parallel }: StepPlan): number {
  const { hiddenSize, heads, layers } = shape;
  const perToken = { none: 34 + (5 * heads * tokens) / hiddenSize, attention: 34, block: 2 }[recompute];
  // The first stage of a pipeline has as many micro-batches under way as there are stages: as if it had all layers.
  const sharers = recompute === "block" ? 1 : parallel.tensorParallel;
  const kept = (tokens * rows * hiddenSize * perToken * layers) / sharers;
  const inHand =
    recompute === "block"
      ? activationBytes({ ...shape, layers: 1 }, { ...parallel, rows, tokens, recompute: "none" })
      : 0;
  return kept + inHand;
}

/** Of the output head: log-probabilities and their gradient in float32. */
export const logitsBytes = ({ vocabulary }: ModelShape, { rows, tokens, tensorParallel }: StepPlan): number =>
  (2 * 4 * rows * tokens * vocabulary) / tensorParallel;

/** Keys and values of every token so far: 2 · layers · heads · head size · tokens · rows · bytes of a number. */
export const cacheBytes = (
  { layers, kvHeads, headDim }: Pick<ModelShape, "layers" | "kvHeads" | "headDim">,
  { rows, tokens }: Pick<StepPlan, "rows" | "tokens">,
  bytesOfNumber = 2,
): number => 2 * layers * kvHeads * headDim * tokens * rows * bytesOfNumber;

/** Of them on each device: tensor parallelism divides their heads, and repeats one where it has more parts than there are heads. */
export const cacheOnEach = (shape: ModelShape, plan: StepPlan, bytesOfNumber = 2): number =>
  cacheBytes(shape, plan, bytesOfNumber) / (Math.min(plan.tensorParallel, shape.kvHeads) * plan.pipelineParallel);
