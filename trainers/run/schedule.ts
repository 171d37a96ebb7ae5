// The learning rate over a run, equal to Transformers' schedules of the same names at every step.
import type { OptimizerConfig } from "../../spec/fields/optimizer";

/** The learning rate of step `step` (from 0) of `total`: up from 0 over the warm-up, then along the schedule. */
export function scheduledRate(
  { learningRate, schedule, warmupRatio, numCycles, minLrRate, decayRatio }: OptimizerConfig,
  step: number,
  total: number,
): number {
  const warmup = Math.ceil(warmupRatio * total);
  const above = (factor: number) => learningRate * (minLrRate + (1 - minLrRate) * factor);
  if (step < warmup) return schedule === "warmup_stable_decay" ? above(step / warmup) : (learningRate * step) / warmup;
  const progress = (step - warmup) / Math.max(1, total - warmup);
  switch (schedule) {
    case "constant":
      return learningRate;
    case "linear":
      return learningRate * (1 - progress);
    case "cosine":
      return learningRate * halfCosine(progress);
    case "cosine_with_min_lr":
      return above(halfCosine(progress));
    case "cosine_with_restarts":
      return learningRate * halfCosine((numCycles * progress) % 1);
    case "inverse_sqrt": {
      const scale = warmup || 10_000; // Transformers' time scale
      return learningRate / Math.sqrt((step + scale - warmup) / scale);
    }
    case "warmup_stable_decay": {
      const decay = Math.min(Math.ceil(decayRatio * total), total - warmup);
      const since = step - (total - decay);
      return since < 0 ? learningRate : above(halfCosine(since / Math.max(1, decay)));
    }
  }
}

const halfCosine = (progress: number): number => 0.5 * (1 + Math.cos(Math.PI * progress));
