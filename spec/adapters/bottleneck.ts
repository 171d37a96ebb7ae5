// Bottleneck adapters: a small MLP after attention and after the MLP of each block (Houlsby et al. 2019, arXiv 1902.00751), or after each
// block alone (Pfeiffer et al. 2020, arXiv 2005.00247).
import { z } from "zod";
import { advanced } from "../field-meta";
import { init, typeMeta } from "./common";

export const bottleneck = z.strictObject({
  type: z.literal("bottleneck").describe("Adapter type").meta(typeMeta),
  placement: z
    .enum(["houlsby", "pfeiffer"])
    .default("pfeiffer")
    .describe("Placement")
    .meta(
      advanced(
        "houlsby: after attention and after the MLP of each block, before either is added to what it read; pfeiffer: once a block, at its end",
      ),
    ),
  reduction: z
    .number()
    .min(1)
    .max(4096)
    .default(16)
    .describe("Reduction factor")
    .meta(advanced("The model's width divided by this is the bottleneck's, rounded down")),
  nonLinearity: z
    .enum(["by-placement", "relu", "swish", "gelu"])
    .default("by-placement")
    .describe("Non-linearity")
    .meta(advanced("Inside the bottleneck; by-placement: swish with houlsby, relu with pfeiffer")),
  init,
});
export type BottleneckOptions = z.infer<typeof bottleneck>;
