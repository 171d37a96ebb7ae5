// Which pairs are exported: what annotators have to agree on, and which records.
import { z } from "zod";

/** What a dataset can be written as. */
export const exportNames = [
  "pairs",
  "kto",
  "stepwise",
  "llama-factory",
  "llama-factory-info",
  "csv",
  "parquet",
  "card",
  "rankings",
  "rewrites",
  "events",
  "items",
] as const;
export type ExportName = (typeof exportNames)[number];

/** Least mean strength, fewest annotators, and least probability of the label. */
export const exportFilter = z
  .object({
    strength: z.coerce.number().min(0).max(4),
    raters: z.coerce.number().int().min(0).max(1000),
    probability: z.coerce.number().min(0).max(1),
    /** A view of the records browser, as its address has it: those that it leaves. */
    records: z.string().max(2000),
  })
  .partial();
export type ExportFilter = {
  [name in keyof z.infer<typeof exportFilter>]?: z.infer<typeof exportFilter>[name] | undefined;
};

export const exportPreview = z.object({ rows: z.number(), first: z.array(z.string()) });
export type ExportPreview = z.infer<typeof exportPreview>;
