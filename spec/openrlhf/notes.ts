// What OpenRLHF does otherwise whatever the settings, and what it does not measure.

import { isSampled, type Sampled } from "../methods/sampling-of";
import type { Exportable } from "./problems";

export function openRlhfNotes(config: Exportable): string[] {
  const { adapter, sampleEvery, evalEvery, distributed } = config;
  const all: [boolean, string][] = [
    [true, "Rows come in another order: OpenRLHF shuffles rows.jsonl, which has each as often as the run takes it."],
    [adapter !== null, "LoRA's A starts from other random numbers."],
    [
      config.method === "reward",
      "The score head starts nearer to 0: with a standard deviation of 1/(d + 1), and here of 1/√(d + 1).",
    ],
    ...(isSampled(config) ? sampledNotes(config) : []),
    [
      distributed.offload === "cpu" && distributed.zeroStage === 3,
      "Of what ZeRO offloads the optimizer's states are; weights stay on the GPUs.",
    ],
    [sampleEvery !== null, "It writes no sample completions; an evaluation does once it has ended."],
    [evalEvery !== null && !isSampled(config), "Held-out rows are not evaluated before the first step."],
  ];
  return all.flatMap(([isSo, note]) => (isSo ? [note] : []));
}

function sampledNotes(config: Sampled): [boolean, string][] {
  return [
    [true, "vLLM samples, by other random numbers; --train.micro_batch_size may be raised to what a GPU holds."],
    [
      config.method === "rloo",
      "Each token has its own importance ratio, the loss is a mean over tokens, and the KL comes off after scores are compared.",
    ],
    [
      config.method === "ppo",
      "The critic is a model of its own, with its own gradient norm: the value loss coefficient is not used.",
    ],
    [
      config.method === "grpo",
      "Where all completions of a group score nearly alike, they count more: the deviation has 1e-9 added, and here 1e-4.",
    ],
  ];
}
