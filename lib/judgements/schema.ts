// A judgement as the annotator's screen speaks of it: left and right. The server knows which answer stood where.
import { z } from "zod";
import type { Message } from "../../trainers/models/tokenizer";

export const choice = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("left"), strength: z.int().min(1).max(4) }),
  z.strictObject({ kind: z.literal("right"), strength: z.int().min(1).max(4) }),
  z.strictObject({ kind: z.literal("tie") }),
  z.strictObject({ kind: z.literal("both_bad") }),
  z.strictObject({ kind: z.literal("skip") }),
]);
export type Choice = z.infer<typeof choice>;

export const judgementInput = z.strictObject({
  key: z.uuid(),
  itemId: z.int(),
  choice,
  activeMs: z.int().min(0).max(86_400_000),
});
export type JudgementInput = z.infer<typeof judgementInput>;

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
