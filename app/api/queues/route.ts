import { z } from "zod";
import { listQueues } from "@/lib/annotation/queues/list-queues";
import { queueDto } from "@/lib/annotation/queues/queue-schema";
import { handle } from "@/lib/http/handle";
import { currentAnnotator } from "@/lib/people/current-annotator";

/** The datasets that are annotated, with settings and progress. */
export const GET = handle("read", { answer: z.array(queueDto) }, async () =>
  listQueues((await currentAnnotator())?.id ?? 0),
);
