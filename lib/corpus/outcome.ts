// What became of one document before it was compared with others.
import { z } from "zod";
import { steps } from "./corpus-schema";

const drop = z.object({ step: z.enum(steps), rule: z.string(), detail: z.string() });

export const outcome = z.object({
  id: z.string(),
  url: z.string().nullable(),
  /** Null where it was dropped before it was read. */
  text: z.string().nullable(),
  words: z.number(),
  language: z.string().nullable(),
  drop: drop.nullable(),
  /** The rules that would have dropped it, had it not been restored. */
  spared: z.array(drop),
  /** How often which kind of private data was masked. */
  masked: z.record(z.string(), z.number()),
  /** By which it is compared: of what it says, and its MinHash signature in base64. */
  hash: z.string().nullable(),
  signature: z.string().nullable(),
});
export type Outcome = z.infer<typeof outcome>;
