import { z } from "zod";
import type { QueueProgress } from "../judgements/schema";

/** What may be changed of a queue. */
export const queueSettings = z
  .strictObject({
    overlap: z.int().min(1).max(20).nullable(),
    guidelines: z.string().max(20_000, "At most 20,000 letters."),
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, "names nothing to change");
export type QueueSettings = z.infer<typeof queueSettings>;

export interface QueueDto {
  id: number;
  name: string;
  about: string;
  /** How to judge, in Markdown; empty where nobody wrote any. */
  guidelines: string;
  /** Pairs with a preferred answer, over all annotators: what a run can train on. */
  decided: number;
  /** Answers that annotators wrote themselves. */
  rewrites: number;
  /** Judgements that each pair is to have; null gives every pair to everybody. */
  overlap: number | null;
  /** Pairs that still want some; null without an overlap. */
  open: number | null;
  progress: QueueProgress;
}

export interface ImportReport {
  queueId: number;
  queue: string;
  /** New pairs; the others were there already. */
  added: number;
  duplicates: number;
  bad: { line: number; reason: string }[];
}
