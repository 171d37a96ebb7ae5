// What is measured: workloads, and the ways to run each. Every way of a workload gets the same token ids, adapter and settings.
import type { AskedQuantisation, Quantisation } from "../../spec/fields/model";

export interface TrainingWorkload {
  id: string;
  kind: "dpo" | "reward";
  model: "smollm2" | "tiny";
  pairs: number;
  prompt: number;
  answer: number;
  /** The first is compilation and warm-up, and is left out. */
  steps: number;
  ways: (OurWay | TrlWay)[];
}
/** Pairs of all lengths, as people's data has them: every step counts, the first with its graph building too. The reference is known. */
export interface RaggedWorkload {
  id: string;
  kind: "ragged";
  model: "smollm2";
  pairs: number;
  /** Tokens of a prompt with one of its answers. */
  shortest: number;
  median: number;
  longest: number;
  steps: number;
  ways: (OurWay | TrlWay)[];
}
export interface GenerationWorkload {
  id: string;
  kind: "generate";
  batch: number;
  prompt: number;
  newTokens: number;
  /** The first is compilation and warm-up, and is left out. */
  repeats: number;
  ways: (
    | { id: string; who: "ours"; dtype: Dtype; quantisation?: AskedQuantisation }
    | { id: string; who: "transformers"; dtype: Dtype; tuned: true }
    /** Programs for serving, whose weights have 4 bits. */
    | { id: string; who: "genai" | "llamacpp"; tuned: false }
  )[];
}
/** PPO updates: answers sampled, scored and learnt from in one epoch and one mini-batch, LoRA on policy and critic. */
export interface PpoWorkload {
  id: string;
  kind: "ppo";
  rollouts: number;
  prompt: number;
  newTokens: number;
  /** The first is compilation and warm-up, and is left out. */
  updates: number;
  ways: (OurWay | TrlWay)[];
}
export type Workload = RaggedWorkload | TrainingWorkload | GenerationWorkload | PpoWorkload;
type Dtype = "float32" | "bfloat16";

export interface OurWay {
  id: string;
  who: "ours";
  dtype: Dtype;
  /** Of the base, of which `dtype` is then what it is multiplied in. */
  quantisation?: Quantisation;
  recompute: "none" | "attention" | "block";
  microBatchTokens: number;
}
/** default: what DPOTrainer does by itself with LoRA. tuned: no gradient checkpointing, reference precomputed, tcmalloc. */
export interface TrlWay {
  id: string;
  who: "trl";
  dtype: Dtype;
  tuned: boolean;
}

const ours = (dtype: Dtype): OurWay => ({
  id: `ours ${dtype}`,
  who: "ours",
  dtype,
  recompute: "none",
  microBatchTokens: 1024,
});
const smallest: OurWay = {
  id: "ours float32, least memory",
  who: "ours",
  dtype: "float32",
  recompute: "block",
  microBatchTokens: 384,
};
const overBase = (quantisation: Quantisation, way: OurWay): OurWay => ({
  ...way,
  id: `${way.id} over ${quantisation}`,
  quantisation,
});
const leastMemory: OurWay = { ...smallest, id: "ours bfloat16, least memory", dtype: "bfloat16" };
const trl = (dtype: Dtype, tuned: boolean): TrlWay => ({
  id: `TRL ${tuned ? `tuned ${dtype}` : "default"}`,
  who: "trl",
  dtype,
  tuned,
});

const training = (
  kind: TrainingWorkload["kind"],
  prompt: number,
  answer: number,
  ways: TrainingWorkload["ways"],
): TrainingWorkload => ({
  id: `${kind}-4x(${prompt}+${answer})`,
  kind,
  model: "smollm2",
  pairs: 4,
  prompt,
  answer,
  steps: 3,
  ways,
});
const generation = (batch: number): GenerationWorkload => ({
  id: `generate-${batch}`,
  kind: "generate",
  batch,
  prompt: 128,
  newTokens: 64,
  repeats: 3,
  ways: [
    { id: "ours float32", who: "ours", dtype: "float32" },
    { id: "ours bfloat16", who: "ours", dtype: "bfloat16" },
    { id: "ours int8", who: "ours", dtype: "float32", quantisation: "int8" },
    { id: "Transformers float32", who: "transformers", dtype: "float32", tuned: true },
    { id: "Transformers bfloat16", who: "transformers", dtype: "bfloat16", tuned: true },
    { id: "OpenVINO GenAI, 4-bit weights", who: "genai", tuned: false },
    { id: "llama.cpp, 4-bit weights", who: "llamacpp", tuned: false },
  ],
});

export const workloads: Workload[] = [
  {
    id: "dpo-ragged",
    kind: "ragged",
    model: "smollm2",
    pairs: 4,
    shortest: 100,
    median: 300,
    longest: 512,
    steps: 50,
    ways: [{ ...ours("bfloat16"), microBatchTokens: 512 }, trl("bfloat16", true)],
  },
  {
    ...training("dpo", 32, 32, [ours("float32"), trl("float32", true)]),
    id: "dpo-tiny",
    model: "tiny",
    pairs: 4,
    steps: 30,
  },
  generation(16),
  generation(64),
  training("dpo", 128, 128, [
    ours("float32"),
    ours("bfloat16"),
    smallest,
    trl("float32", true),
    trl("bfloat16", true),
    trl("bfloat16", false),
  ]),
  {
    ...training("dpo", 128, 128, [
      ours("bfloat16"),
      overBase("nf4", ours("bfloat16")),
      overBase("nf4-double", ours("bfloat16")),
      leastMemory,
      overBase("nf4-double", leastMemory),
    ]),
    id: "qlora-4x(128+128)",
    steps: 8,
  },
  training("dpo", 512, 128, [ours("float32"), ours("bfloat16"), trl("bfloat16", true)]),
  training("dpo", 256, 256, [ours("float32"), ours("bfloat16"), trl("bfloat16", true)]),
  {
    id: "ppo",
    kind: "ppo",
    rollouts: 16,
    prompt: 128,
    newTokens: 64,
    updates: 3,
    ways: [ours("float32"), ours("bfloat16"), trl("bfloat16", true)],
  },
  training("reward", 128, 128, [ours("float32"), ours("bfloat16"), trl("float32", true), trl("bfloat16", true)]),
];
