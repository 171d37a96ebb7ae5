import { z } from "zod";
import { answerModes, strategies } from "../../../spec/queue-options";
import type { Queue } from "../../db/tables/queues";
import type { QueueProgress, TaskDto } from "../judging/judging-schema";
import type { LeftOut } from "./left-out";

const percent = z.int().min(0).max(50, "At most 50 %.");

/** The settings of a queue. */
export const queueSettings = z
  .strictObject({
    overlap: z.int().min(1).max(20).nullable(),
    guidelines: z.string().max(20_000, "At most 20,000 characters."),
    mode: z.enum(answerModes),
    aspects: z.array(z.string().trim().min(1).max(40)).max(8, "At most eight criteria."),
    strategy: z.enum(strategies),
    goldPercent: percent,
    mirrorPercent: percent,
    training: z.int().min(0).max(100),
    quota: z.int().min(1).nullable(),
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, "no setting to change");
export type QueueSettings = z.infer<typeof queueSettings>;

export interface QueueDto extends Omit<Queue, "createdAt"> {
  guidelinesHtml: string;
  /** Pairs with a preferred answer, over all annotators: what a run can train on. */
  decided: number;
  /** Answers that annotators wrote themselves. */
  rewrites: number;
  /** Pairs that still need judgements; null without an overlap. */
  open: number | null;
  /** Gold pairs, and pairs that a reward model has scored. */
  gold: number;
  scored: number;
  progress: QueueProgress;
  /** The annotator's preferences on scored pairs, and how many of them the reward model shares. */
  model: { agreed: number; of: number };
}

/** The data of the annotation screen. */
export interface ScreenDto {
  queue: QueueDto;
  tasks: TaskDto[];
}

export interface ImportReport extends LeftOut {
  queueId: number;
  queue: string;
  /** New pairs; the others were there already. */
  added: number;
  duplicates: number;
  notes: string[];
}
