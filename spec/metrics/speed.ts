// Counters, time and memory.
import { result } from "./charts";
import { defineMetrics } from "./metric";

export const speed = defineMetrics({
  rollout_seconds: {
    label: "Rollout time",
    unit: "s",
    group: "speed",
    about: "Wall time of the update that went into sampling and scoring.",
    chart: null,
  },
  round: { label: "Round", unit: "", group: "speed", about: "Sampled, judged and learnt from so far.", chart: null },
  update: { label: "Update", unit: "", group: "speed", about: "Rollouts so far.", chart: null },
  epoch: { label: "Epoch of the update", unit: "", group: "speed", about: "Passes through a rollout.", chart: null },
  minibatch: { label: "Mini-batch", unit: "", group: "speed", about: "Part of the rollout.", chart: null },
  tokens: {
    label: "Tokens",
    unit: "tokens",
    group: "speed",
    about: "Tokens fed in this step, padding not counted.",
    chart: null,
  },
  num_tokens: {
    label: "Tokens so far",
    unit: "tokens",
    group: "speed",
    about: "Fed since the run began, padding not counted.",
    chart: null,
  },
  samples: {
    label: "Samples so far",
    unit: "rows",
    group: "speed",
    about: "Pairs, lists or answers of the data; answers of its own where the policy samples them.",
    chart: null,
  },
  elapsed: {
    label: "Time in steps",
    unit: "s",
    group: "speed",
    about: "Since the run began, waiting between attempts left out.",
    chart: null,
  },
  seconds: { label: "Step time", unit: "s", group: "speed", about: "Wall time of this step.", chart: null },
  tokens_per_second: {
    label: "Speed",
    unit: "tokens/s",
    group: "speed",
    better: "more",
    about: "Tokens of the step over its wall time.",
    chart: "speed",
    tile: "speed",
    views: result,
  },
  kv_cache_used: {
    label: "KV cache in use",
    unit: "share of slots",
    group: "speed",
    about:
      "Slots with a token in them, of the pages of 16 that sampling holds of the KV cache, mean over its passes. Empty ones are at the ends of rows. Only where the project's own ops sample.",
    chart: "kvCache",
  },
  memory: { label: "Memory", unit: "MB", group: "speed", about: "Resident memory of the trainer.", chart: "memory" },
});
