// Judges as the pages and the server speak of them.
import { z } from "zod";

export const judgeInput = z.strictObject({ endpoint: z.int() });

/** How far the judge of a dataset is. */
export const judgingState = z.object({
  running: z.boolean(),
  said: z.string(),
  error: z.string().nullable(),
});
export type JudgingState = z.infer<typeof judgingState>;
