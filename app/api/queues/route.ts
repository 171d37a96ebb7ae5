import { listQueues } from "@/lib/annotation/queues/list-queues";
import { handle } from "@/lib/http/handle";
import { currentAnnotator } from "@/lib/people/current-annotator";

export const GET = handle("read", async () => Response.json(listQueues((await currentAnnotator())?.id ?? 0)));
