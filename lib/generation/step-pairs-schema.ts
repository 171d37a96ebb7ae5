// How far a model is that goes on after the right steps of solutions.
import { z } from "zod";

/** What `workbench step-pairs` prints: the labelled dataset, its pairs, and the solutions of which no continuation is right. */
export const madePairs = z.object({ dataset: z.string(), id: z.int(), pairs: z.int(), left: z.int() });
export type MadePairs = z.infer<typeof madePairs>;

/** How far the continuations of a dataset's solutions are, or were last. */
export const stepPairsState = z.object({
  /** The job; null before any. */
  job: z.string().nullable(),
  running: z.boolean(),
  said: z.string(),
  /** From 0 to 1; null while unknown. */
  progress: z.number().nullable(),
  error: z.string().nullable(),
  /** `writer` is the model that went on, as it was asked for. */
  made: madePairs.extend({ writer: z.string() }).nullable(),
});
export type StepPairsState = z.infer<typeof stepPairsState>;
