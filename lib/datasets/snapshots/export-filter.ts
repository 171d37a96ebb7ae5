// What annotators have to agree on for a pair to be exported.
import { z } from "zod";

/** Least mean strength, fewest annotators, and least probability of the label. */
export const exportFilter = z
  .object({
    strength: z.coerce.number().min(0).max(4),
    raters: z.coerce.number().int().min(0).max(1000),
    probability: z.coerce.number().min(0).max(1),
  })
  .partial();
export type ExportFilter = {
  [name in keyof z.infer<typeof exportFilter>]?: z.infer<typeof exportFilter>[name] | undefined;
};

export const exportPreview = z.object({ rows: z.number(), first: z.array(z.string()) });
export type ExportPreview = z.infer<typeof exportPreview>;
