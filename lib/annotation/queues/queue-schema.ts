import { z } from "zod";
import { answerModes, strategies } from "../../../spec/queue-options";
import { unreadGuidelines } from "../guidelines/guidelines-schema";
import { queueProgress, task } from "../judging/judging-schema";
import { workProgress } from "../work/work-schema";
import { leftOut } from "./left-out";

/** Whole numbers, with one sentence for all that is none of them. */
const whole = (least: number, most: number) => {
  const error = `Enter a whole number from ${least} to ${most}.`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};
const percent = whole(0, 50);
export const datasetName = z.string().trim().min(1, "Give it a name.").max(80, "At most 80 characters.");

/** Names that the settings show separated by commas, each once. */
const names = z
  .array(
    z
      .string()
      .trim()
      .min(1)
      .max(40, "At most 40 characters each.")
      .refine((name) => !name.includes(","), "No commas within a name."),
  )
  .refine((given) => new Set(given).size === given.length, "Name each of them once.");

/** The settings of a queue. */
export const queueSettings = z
  .strictObject({
    name: datasetName,
    about: z.string().trim().max(500, "At most 500 characters."),
    archived: z.boolean(),
    overlap: whole(1, 20).nullable(),
    guidelines: z.string().max(20_000, "At most 20,000 characters."),
    /** Whether those who annotated under earlier guidelines are asked to read the new ones; they are unless this says no. */
    askToRead: z.boolean(),
    mode: z.enum(answerModes),
    aspects: names.max(8, "At most eight criteria."),
    reasonTags: names.max(9, "At most nine reasons."),
    rewritePairs: z.boolean(),
    judgesCount: z.boolean(),
    strategy: z.enum(strategies),
    goldPercent: percent,
    mirrorPercent: percent,
    training: whole(0, 100),
    quota: whole(1, 1_000_000).nullable(),
    assignedOnly: z.boolean(),
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, "no setting to change");
export type QueueSettings = z.infer<typeof queueSettings>;

/** A queue's row (lib/db/tables/queues.ts) with what is counted of it. */
export const queueDto = z
  .object({
    id: z.number(),
    name: z.string(),
    about: z.string(),
    archived: z.boolean(),
    guidelines: z.string(),
    overlap: z.number().nullable(),
    mode: z.enum(answerModes),
    aspects: z.array(z.string()),
    reasonTags: z.array(z.string()),
    rewritePairs: z.boolean(),
    judgesCount: z.boolean(),
    strategy: z.enum(strategies),
    goldPercent: z.number(),
    mirrorPercent: z.number(),
    training: z.number(),
    quota: z.number().nullable(),
    assignedOnly: z.boolean(),
    guidelinesHtml: z.string(),
    /** How often the guidelines were changed; 0 where there never were any. */
    guidelinesVersion: z.number(),
    /** Pairs with a preferred answer, or answers that are good or bad, over all annotators: what a run can train on. */
    decided: z.number(),
    /** Pairs whose answers are equally good or bad, which KTO learns from. */
    equal: z.number(),
    /** Answers that annotators wrote themselves. */
    rewrites: z.number(),
    /** Pairs that still need judgements; null without an overlap. */
    open: z.number().nullable(),
    /** Gold pairs, and pairs that a reward model has scored. */
    gold: z.number(),
    scored: z.number(),
    progress: queueProgress,
    /** What whoever asks was given of it; null where nothing was. */
    work: workProgress.nullable(),
    /** The annotator's preferences on scored pairs, and how many of them the reward model shares. */
    model: z.object({ agreed: z.number(), of: z.number() }),
  })
  .meta({ id: "Dataset" });
export type QueueDto = z.infer<typeof queueDto>;

/** The data of the annotation screen. */
export const queueScreen = z.object({
  queue: queueDto,
  /** To be read before the tasks are shown. */
  unread: unreadGuidelines.nullable(),
  tasks: z.array(task),
  /** The annotator's time for a record, where it is known. */
  paceMs: z.number().nullable(),
  /** Why there are none but those that were served before: another program holds the database, or the disk is full. Null where all is well. */
  problem: z.enum(["held", "full"]).nullable(),
});
export type ScreenDto = z.infer<typeof queueScreen>;

export const importReport = leftOut
  .extend({
    queueId: z.number(),
    queue: z.string(),
    /** New pairs; the others were there already. */
    added: z.number(),
    duplicates: z.number(),
    /** Of the records those whose label in the file is kept as a vote of the annotator *import*, where that was asked for. */
    labels: z.number().optional(),
    notes: z.array(z.string()),
  })
  .meta({ id: "ImportReport" });
export type ImportReport = z.infer<typeof importReport>;
