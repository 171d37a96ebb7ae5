// (IA)³ (Liu et al. 2022, arXiv 2205.05638): a factor for each output of keys and values, and for each input of the MLP's last layer.
import { z } from "zod";
import { advanced } from "../field-meta";
import { adaptedLayers, init, typeMeta } from "./common";

export const ia3 = z.strictObject({
  type: z.literal("ia3").describe("Adapter type").meta(typeMeta),
  targets: z
    .union([z.literal("by-family"), z.array(z.enum(adaptedLayers)).min(1)])
    .default("by-family")
    .describe("Rescaled layers")
    .meta(
      advanced(
        "by-family: those of keys and values, and the MLP's last; or a list of projections. Of the MLP's last the inputs are rescaled, of the others the outputs",
      ),
    ),
  init,
});
export type Ia3Options = z.infer<typeof ia3>;
