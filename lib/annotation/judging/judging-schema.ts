// A judgement in the terms of the annotator's screen: left and right, good and bad of a single answer, or the first wrong step of a solution. The server knows which answer was shown where.

import { z } from "zod";
import { message } from "../../../spec/chat";
import { flagReasons } from "../../../spec/flag-reasons";

export const choice = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("left"), strength: z.int().min(1).max(4) }),
  z.strictObject({ kind: z.literal("right"), strength: z.int().min(1).max(4) }),
  z.strictObject({ kind: z.literal("tie") }),
  z.strictObject({ kind: z.literal("both_bad") }),
  z.strictObject({ kind: z.literal("good") }),
  z.strictObject({ kind: z.literal("bad") }),
  /** The first wrong step of a solution, from 1; 0 says that every step is right. */
  z.strictObject({ kind: z.literal("step"), step: z.int().min(0) }),
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
/** By criterion: ratings of the left and the right answer. */
const ratings = z.record(z.string(), z.tuple([rating, rating]));
export type Ratings = z.infer<typeof ratings>;

/** Reasons among those that the dataset offers or offered, each once; none are stored as null. */
const tags = z
  .array(z.string().trim().min(1).max(40))
  .max(20)
  .transform((chosen) => (chosen.length > 0 ? [...new Set(chosen)] : null))
  .nullable();

export const judgementInput = z.strictObject({
  key: z.uuid(),
  itemId: z.int(),
  choice,
  rationale: written,
  rewrite: written,
  aspects: ratings.nullable().optional(),
  tags: tags.optional(),
  activeMs: z.int().min(0).max(86_400_000),
  /** Whether this is the repeat with the sides swapped. */
  mirror: z.boolean().default(false),
  /** Whether this replaces the annotator's active vote. */
  revises: z.boolean().default(false),
  /** The version of the guidelines that the annotator had. */
  guidelines: z.int().min(0).optional(),
  /** Whose vote it is, since it may have been unsent while somebody else used this browser. */
  annotatorId: z.int().optional(),
});
export type JudgementInput = z.input<typeof judgementInput>;

/** A reviewer's decision on a disputed pair, in terms of the reviewer's screen. */
export const rulingInput = z.strictObject({
  itemId: z.int(),
  ruling: z.enum(["left", "right", "neither", "withdrawn"]),
  /** Of a solution with "right": its first wrong step. */
  step: z.int().min(1).optional(),
});
export type RulingInput = z.infer<typeof rulingInput>;

const note = z.string().trim().min(1, "Write a note to the annotators.").max(2000);
export const returnInput = z.union([
  z.strictObject({ itemId: z.int(), note }),
  z.strictObject({ itemIds: z.array(z.int()).min(1).max(100_000), note }),
]);

/** To how many people records were returned, and how many of the records: those that nobody annotated go to nobody. */
export const returned = z.object({ people: z.number(), records: z.number() });

export const undoInput = z.strictObject({ key: z.uuid(), queueId: z.int() });

/** A vote on a task, in terms of its screen. */
const vote = z.object({
  choice,
  rationale: z.string().nullable(),
  rewrite: z.string().nullable(),
  aspects: ratings.nullable(),
  tags: z.array(z.string()).nullable(),
});
export type VoteDto = z.infer<typeof vote>;

const shownText = z.object({ text: z.string(), html: z.string() });

/** A record as an annotator's screen shows it. */
export const task = z
  .object({
    /** Unique among all tasks, including others on the same pair. */
    key: z.string(),
    id: z.number(),
    /** The HTML of turns and answers is safe to set. */
    prompt: z.array(message.extend({ html: z.string() })),
    /** Left and right, all of a ranking, or one alone. */
    answers: z.array(shownText),
    /** Whether it is a pair of which a diff says more than the answers side by side. */
    similar: z.boolean(),
    /** Of a solution whose first wrong step is asked for: joined they are its text. */
    steps: z.array(shownText).optional(),
    mirror: z.boolean(),
    /** Whether the annotator has an active vote on it. */
    revises: z.boolean(),
    /** The note of a reviewer who returned it. */
    note: z.string().nullable(),
    /** The earlier vote of a returned record. */
    said: vote.nullable(),
    /** Whether it is a practice record: the correct answer is shown after the vote. */
    lesson: z.boolean(),
  })
  .meta({ id: "Task" });
export type TaskDto = z.infer<typeof task>;

/** A vote was stored. */
export const judged = z.object({
  saved: z.literal(true),
  /** Whether it is kept beside those that count. */
  extra: z.literal(true).optional(),
  /** The newest version of the guidelines, where the voter had another. */
  newerGuidelines: z.number().optional(),
});

/** The correct answer of a practice record in terms of the annotator's screen, and why. */
export const lesson = z.object({
  right: z.enum(["left", "right", "tie", "both_bad", "good", "bad"]),
  because: z.string(),
});
export type LessonDto = z.infer<typeof lesson>;

/** A vote that was undone, with its task. */
export const undone = vote.extend({ task });
export type UndoneDto = z.infer<typeof undone>;

/** Active votes, with the models and reward scores of the answers in their order on screen. */
export const pastVotes = z.array(
  vote.extend({
    seq: z.number(),
    task,
    createdAt: z.number(),
    writers: z.array(z.string()).nullable(),
    scores: z.array(z.number()).nullable(),
  }),
);
export type PastVoteDto = z.infer<typeof pastVotes>[number];

export const ownStatuses = ["pending", "annotated", "skipped", "flagged", "returned"] as const;
export type OwnStatus = (typeof ownStatuses)[number];

/** A record in the annotator's list: one line of the prompt, and one of each answer in their order on screen. */
export interface OwnRecordDto {
  id: number;
  prompt: string;
  answers: string[];
  said: VoteDto | null;
}
export interface OwnRecordsDto {
  counts: Record<OwnStatus, number>;
  page: number;
  pages: number;
  /** The record before the previous and the next page, 0 for the first page; null where there is no such page. */
  previous: number | null;
  next: number | null;
  records: OwnRecordDto[];
}

/** What an annotator did in a dataset. */
export const ownSummary = z.object({
  counts: z.record(z.enum(["preferred", "good", "bad", "tie", "both_bad", "skip", "flag"]), z.number()),
  paceMs: z.number().nullable(),
  /** Preferences of others on the same records, and how many of them are the same. */
  others: z.object({ agreed: z.number(), of: z.number() }),
  next: z.object({ id: z.number(), name: z.string(), left: z.number() }).nullable(),
});
export type OwnSummaryDto = z.infer<typeof ownSummary>;

/** Disputed pairs with their votes, without the names. */
export const disputes = z.array(
  task.extend({
    votes: z.array(
      z.object({
        /** Of a single answer left says good and right bad. */
        side: z.enum(["left", "right", "tie", "both_bad"]),
        strength: z.number().nullable(),
        /** The first wrong step of a solution, 0 where none is; null of other records. */
        wrongStep: z.number().nullable(),
        reasons: z.array(z.string()),
      }),
    ),
    /** Probability that the left answer is the better one, by the annotators' reliability. */
    leftProbability: z.number(),
    ruling: z.enum(["left", "right", "neither"]).nullable(),
    ruledStep: z.number().nullable(),
  }),
);
export type DisputeDto = z.infer<typeof disputes>[number];

export const queueProgress = z.object({
  total: z.number(),
  judged: z.number(),
  skipped: z.number(),
  /** Whether there is something to undo. */
  canUndo: z.boolean(),
});
export type QueueProgress = z.infer<typeof queueProgress>;
