import type { QueueDto } from "@/lib/annotation/queues/queue-schema";

/** Whether records are shown with their numbers: where gold records and repeats are mixed in, these would give away which ones test the annotator. */
export const isNumbered = ({ goldPercent, mirrorPercent }: Pick<QueueDto, "goldPercent" | "mirrorPercent">) =>
  goldPercent + mirrorPercent === 0;
