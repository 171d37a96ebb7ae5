// How a run updates what it trains: the optimiser, its clipping, and the learning rate over the run.
import { z } from "zod";
import { advanced, essential } from "../field-meta";

export const optimizer = z.strictObject({
  name: z
    .enum(["adamw", "adamw8bit", "sgd", "lion", "adafactor", "schedule_free_adamw", "muon"])
    .default("adamw")
    .describe("Optimizer")
    .meta(
      advanced(
        "AdamW as in PyTorch, or with its two means in 8 bits a number as in bitsandbytes (a quarter of their memory), plain SGD, Lion (with a third to a tenth of AdamW's rate, and β₂ 0.99), Adafactor as in Transformers' trainer, schedule-free AdamW (with the constant schedule), or Muon for matrices, LoRA's among them, with AdamW for embeddings, heads and vectors",
      ),
    ),
  paged: z
    .boolean()
    .default(false)
    .describe("Optimizer states on disk")
    .meta(
      advanced(
        "What the optimizer keeps of each trained number lies in a file and is read and written tensor by tensor at each update: less memory, slower updates, the same result to the last bit. Off: only where the run would not fit otherwise",
      ),
    ),
  learningRate: z
    .number()
    .positive()
    .max(10)
    .default(5e-6)
    .describe("Learning rate")
    .meta(essential("Peak learning rate, after warm-up")),
  loraPlusRatio: z
    .number()
    .min(1)
    .max(1000)
    .default(1)
    .describe("LoRA+ ratio")
    .meta(advanced("LoRA's B learns so many times as fast as its A; LoRA+ proposes about 16")),
  beta1: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9)
    .describe("Adam β₁")
    .meta(
      advanced(
        "Decay rate of the gradient's running mean; of schedule-free AdamW, the average's share in the point where gradients are taken",
      ),
    ),
  beta2: z
    .number()
    .min(0)
    .lt(1)
    .default(0.999)
    .describe("Adam β₂")
    .meta(advanced("Decay rate of the running mean of the squared gradient")),
  epsilon: z
    .number()
    .positive()
    .default(1e-8)
    .describe("Adam ε")
    .meta(advanced("Added to the square root of the second moment")),
  weightDecay: z
    .number()
    .min(0)
    .default(0)
    .describe("Weight decay")
    .meta(advanced("Decoupled, as in AdamW; norms and biases keep their size")),
  maxGradNorm: z
    .number()
    .min(0)
    .nullable()
    .default(1)
    .describe("Max gradient norm")
    .meta(advanced("The gradient is clipped to this global L2 norm. Empty or 0: no clipping")),
  clipping: z
    .enum(["global", "adagc"])
    .default("global")
    .describe("Gradient clipping")
    .meta(
      advanced(
        "global: all gradients together, by the max gradient norm. adagc: after its warm-up each tensor by itself, by a mean of the norms it has had, so that one bad batch spoils nothing",
      ),
    ),
  clipWarmup: z
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .describe("AdaGC warm-up")
    .meta({
      ...advanced("Of adagc: updates that are clipped globally first, while the norms are learnt"),
      unit: "updates",
    }),
  schedule: z
    .enum([
      ...["constant", "linear", "cosine", "cosine_with_restarts", "cosine_with_min_lr"],
      ...["warmup_stable_decay", "inverse_sqrt"],
    ] as const)
    .default("linear")
    .describe("Learning rate schedule")
    .meta(advanced("How the learning rate falls over the run, by Transformers' names")),
  numCycles: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .describe("Cosine cycles")
    .meta(advanced("Of cosine_with_restarts: how often the learning rate starts anew")),
  minLrRate: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("Minimum rate")
    .meta(
      advanced("Of cosine_with_min_lr and warmup_stable_decay: the share of the learning rate that is left at the end"),
    ),
  decayRatio: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe("Decay ratio")
    .meta(advanced("Of warmup_stable_decay: share of the steps over which the learning rate falls at the end")),
  warmupRatio: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("Warm-up ratio")
    .meta(advanced("Share of the steps over which the learning rate rises")),
});
export type OptimizerConfig = z.infer<typeof optimizer>;
