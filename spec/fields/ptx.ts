// PPO-ptx (Ouyang et al. 2022): texts whose likelihood is raised beside the reward, so that alignment costs less elsewhere.
import { z } from "zod";
import { advanced, file } from "../field-meta";

export const ptx = z
  .strictObject({
    texts: z
      .string()
      .min(1)
      .describe("texts")
      .meta({
        ...advanced("A dataset, or in a run file the path of a file of texts or answers"),
        ...file,
        takes: "texts",
      }),
    coefficient: z
      .number()
      .positive()
      .default(0.05)
      .describe("coefficient γ")
      .meta(advanced("Of the texts' mean loss a token beside the method's own")),
    rows: z.int().min(1).max(512).default(16).describe("rows per step").meta(advanced("Texts in each optimizer step")),
  })
  .nullable()
  .default(null)
  .describe("Pre-training mix (PPO-ptx)")
  .meta(advanced("Each step also learns to continue texts (Ouyang et al. 2022): less is forgotten. Empty: none"));
export type Ptx = NonNullable<z.output<typeof ptx>>;
