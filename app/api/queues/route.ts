import { listQueues } from "@/lib/annotation/queues/list-queues";
import { operations } from "@/lib/api/operations";
import { handle } from "@/lib/http/handle";
import { currentAnnotator } from "@/lib/people/current-annotator";

/** The datasets that are annotated, with settings and progress. */
export const GET = handle("read", operations.datasets, async () => listQueues((await currentAnnotator())?.id ?? 0));
