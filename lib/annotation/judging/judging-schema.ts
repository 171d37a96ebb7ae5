// A judgement in the terms of the annotator's screen: left and right. The server knows which answer was shown where.

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
  /** Screen positions from best to worst; answers of one tier tie. */
  z.strictObject({ kind: z.literal("ranking"), tiers: z.array(z.array(z.int().min(0)).min(1)).min(1) }),
]);
export type Choice = z.infer<typeof choice>;

/** Text stored with a vote; empty means none. Omitted, the revised vote's text is kept. */
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
  /** By criterion: ratings of the left and the right answer. */
  aspects: z
    .record(z.string(), z.tuple([rating, rating]))
    .nullable()
    .optional(),
  activeMs: z.int().min(0).max(86_400_000),
  /** Whether this is the repeat with the sides swapped. */
  mirror: z.boolean().default(false),
  /** Whether this replaces the annotator's active vote. */
  revises: z.boolean().default(false),
  /** Whose vote it is, since it may have been unsent while somebody else used this browser. */
  annotatorId: z.int().optional(),
});
export type JudgementInput = z.input<typeof judgementInput>;

/** A reviewer's decision on a disputed pair, in terms of the reviewer's screen. */
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

/** A record as an annotator's screen shows it. */
export interface TaskDto {
  /** Unique among all tasks, including others on the same pair. */
  key: string;
  id: number;
  position: number;
  prompt: Message[];
  /** Left and right, or all of a ranking. The HTML is safe to set. */
  answers: { text: string; html: string }[];
  mirror: boolean;
  /** Whether the annotator has an active vote on it. */
  revises: boolean;
  /** The note of a reviewer who returned it. */
  note: string | null;
  /** The earlier vote of a returned record. */
  said: VoteDto | null;
  /** Whether it is a practice record: the correct answer is shown after the vote. */
  lesson: boolean;
}

/** The correct answer of a practice record in terms of the annotator's screen, and why. */
export interface LessonDto {
  right: "left" | "right" | "tie" | "both_bad";
  because: string;
}

/** A vote on a task, in terms of its screen. */
export interface VoteDto {
  choice: Choice;
  rationale: string | null;
  rewrite: string | null;
  aspects: Ratings | null;
}

/** A vote that was undone, with its task. */
export interface UndoneDto extends VoteDto {
  task: TaskDto;
}

/** An active vote, with the models and reward scores of the answers in their order on screen. */
export interface PastVoteDto extends VoteDto {
  seq: number;
  task: TaskDto;
  createdAt: number;
  writers: string[] | null;
  scores: number[] | null;
}

/** A disputed pair with its votes, without the names. */
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
