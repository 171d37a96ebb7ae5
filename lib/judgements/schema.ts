// A judgement as the annotator's screen speaks of it: left and right. The server knows which answer stood where.
import { z } from "zod";
import type { Message } from "../../trainers/models/tokenizer";
import { flagReasons } from "./flags";

export const choice = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("left"), strength: z.int().min(1).max(4) }),
  z.strictObject({ kind: z.literal("right"), strength: z.int().min(1).max(4) }),
  z.strictObject({ kind: z.literal("tie") }),
  z.strictObject({ kind: z.literal("both_bad") }),
  z.strictObject({ kind: z.literal("skip") }),
  z.strictObject({ kind: z.literal("flag"), reason: z.enum(flagReasons) }),
]);
export type Choice = z.infer<typeof choice>;

/** What an annotator writes beside a vote; an empty text is none. */
const written = z
  .string()
  .trim()
  .max(100_000)
  .transform((text) => text || null)
  .nullable()
  .default(null);

export const judgementInput = z.strictObject({
  key: z.uuid(),
  itemId: z.int(),
  choice,
  rationale: written,
  rewrite: written,
  activeMs: z.int().min(0).max(86_400_000),
});
export type JudgementInput = z.input<typeof judgementInput>;

export const undoInput = z.strictObject({ key: z.uuid(), queueId: z.int() });

/** A pair as one annotator sees it. */
export interface PairDto {
  id: number;
  position: number;
  prompt: Message[];
  left: string;
  right: string;
}

export interface QueueProgress {
  total: number;
  judged: number;
  skipped: number;
  /** Whether there is something to undo. */
  canUndo: boolean;
}
