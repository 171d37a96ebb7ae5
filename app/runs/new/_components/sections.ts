// Where a field stands on the form.
import type { Field } from "./fields";

export type Section = "model" | "data" | "reward" | "training" | "evaluation" | "advanced";

const evaluation = [
  "evalEvery",
  "sampleEvery",
  "samplePrompts",
  "sampleLength",
  "sampleReward",
  "saveEvery",
  "logEvery",
  "stopOnAlert",
  "onSpike",
];

export function sectionOf({ path, shown }: Field): Section {
  if (path === "model.source") return "model";
  if (/^\w+\.(reward|judge)\./.test(path)) return "reward";
  if (path === "data.heldOut" || path === "data.maxLength") return "data";
  if (evaluation.includes(path)) return "evaluation";
  return shown === "essential" ? "training" : "advanced";
}

export const advancedGroups = [
  "Adapter",
  "Optimizer",
  "Engine and memory",
  "Loss and sampling",
  "Order and seed",
] as const;

export function groupOf({ path }: Field): (typeof advancedGroups)[number] {
  if (path.startsWith("adapter.")) return "Adapter";
  if (path.startsWith("optimizer.")) return "Optimizer";
  if (path.startsWith("distributed.")) return "Engine and memory";
  if (
    [
      "engine",
      "machine",
      "model.dtype",
      "model.quantisation",
      "model.unquantised",
      "microBatchTokens",
      "recompute",
      "gradientAccumulationSteps",
    ].includes(path)
  )
    return "Engine and memory";
  return ["data.order", "seed"].includes(path) ? "Order and seed" : "Loss and sampling";
}
