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

/** A reviewer's word on a pair that annotators disagree about, of the answers as the reviewer's screen shows them. */
export const rulingInput = z.strictObject({
  itemId: z.int(),
  ruling: z.enum(["left", "right", "neither", "withdrawn"]),
});
export type RulingInput = z.infer<typeof rulingInput>;

/** A pair on which annotators disagree. Who said what is not told. */
export interface DisputeDto extends PairDto {
  votes: { side: "left" | "right" | "tie" | "both_bad"; strength: number | null; rationale: string | null }[];
  /** Probability that the left answer is the better one, by the annotators' reliability. */
  leftProbability: number;
  ruling: "left" | "right" | "neither" | null;
}

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
