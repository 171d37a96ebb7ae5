import type { QueueProgress } from "../judgements/schema";

export interface QueueDto {
  id: number;
  name: string;
  about: string;
  /** Pairs with a preferred answer, over all annotators: what a run can train on. */
  decided: number;
  /** Answers that annotators wrote themselves. */
  rewrites: number;
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
