// A judgement as the annotator's screen speaks of it: left and right. The server knows which answer stood where.

import { z } from "zod";
import type { Message } from "../../../spec/chat";
import { flagReasons } from "../../../spec/flag-reasons";

export const choice = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("left"), strength: z.int().min(1).max(4) }),
  z.strictObject({ kind: z.literal("right"), strength: z.int().min(1).max(4) }),
  z.strictObject({ kind: z.literal("tie") }),
  z.strictObject({ kind: z.literal("both_bad") }),
  z.strictObject({ kind: z.literal("skip") }),
  z.strictObject({ kind: z.literal("flag"), reason: z.enum(flagReasons) }),
  /** Places of a ranking from the best on; what shares a tier ties. */
  z.strictObject({ kind: z.literal("ranking"), tiers: z.array(z.array(z.int().min(0)).min(1)).min(1) }),
]);
export type Choice = z.infer<typeof choice>;

/** What an annotator writes beside a vote; an empty text is none. Left out, it is that of the vote which this one revises. */
const written = z
  .string()
  .trim()
  .max(100_000)
  .transform((text) => text || null)
  .nullable()
  .optional();

const rating = z.int().min(1).max(5).nullable();
export type Ratings = Record<string, [number | null, number | null]>;

export const judgementInput = z.strictObject({
  key: z.uuid(),
  itemId: z.int(),
  choice,
  rationale: written,
  rewrite: written,
  /** By aspect: ratings of the left answer and the right. */
  aspects: z
    .record(z.string(), z.tuple([rating, rating]))
    .nullable()
    .optional(),
  activeMs: z.int().min(0).max(86_400_000),
  /** Whether the pair was shown a second time, sides swapped. */
  mirror: z.boolean().default(false),
  /** Whether this takes the place of one's vote that stands. */
  revises: z.boolean().default(false),
  /** Whose vote it is, where it may have waited while somebody else came to this browser. */
  annotatorId: z.int().optional(),
});
export type JudgementInput = z.input<typeof judgementInput>;

/** A reviewer's word on a pair that annotators disagree about, of the answers as the reviewer's screen shows them. */
export const rulingInput = z.strictObject({
  itemId: z.int(),
  ruling: z.enum(["left", "right", "neither", "withdrawn"]),
});
export type RulingInput = z.infer<typeof rulingInput>;

export const returnInput = z.strictObject({
  itemId: z.int(),
  note: z.string().trim().min(1, "Write a note to the annotators.").max(2000),
});

export const undoInput = z.strictObject({ key: z.uuid(), queueId: z.int() });

/** What an annotator's screen shows. */
export interface TaskDto {
  /** Apart from all other tasks, also those on the same pair. */
  key: string;
  id: number;
  position: number;
  prompt: Message[];
  /** Left and right, or all of a ranking. The HTML is safe to set. */
  answers: { text: string; html: string }[];
  mirror: boolean;
  /** Whether one's vote on it stands already. */
  revises: boolean;
  /** What a reviewer who sent it back says. */
  note: string | null;
  /** What one's vote said that is to be given again. */
  said: VoteDto | null;
  /** Whether it is a gold pair of the training round: what is right is told after the vote. */
  lesson: boolean;
}

/** What is right of a pair as its annotator's screen showed it, and why. */
export interface LessonDto {
  right: "left" | "right" | "tie" | "both_bad";
  because: string;
}

/** What was said of a task, as its screen speaks. */
export interface VoteDto {
  choice: Choice;
  rationale: string | null;
  rewrite: string | null;
  aspects: Ratings | null;
}

/** A vote that was taken back, to be given anew. */
export interface UndoneDto extends VoteDto {
  task: TaskDto;
}

/** One's vote that stands. Who wrote the answers and what a reward model says of them is told now, in the order of the answers. */
export interface PastVoteDto extends VoteDto {
  seq: number;
  task: TaskDto;
  createdAt: number;
  writers: string[] | null;
  scores: number[] | null;
}

/** A pair on which annotators disagree. Who said what is not told. */
export interface DisputeDto extends TaskDto {
  votes: { side: "left" | "right" | "tie" | "both_bad"; strength: number | null; rationale: string | null }[];
  /** Probability that the left answer is the better one, by the annotators' reliability. */
  leftProbability: number;
  ruling: "left" | "right" | "neither" | null;
}

export interface QueueProgress {
  total: number;
  judged: number;
  skipped: number;
  /** Whether there is something to undo. */
  canUndo: boolean;
}
