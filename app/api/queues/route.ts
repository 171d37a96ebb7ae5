import { currentAnnotator } from "@/lib/annotators/queries";
import { handle } from "@/lib/http";
import { listQueues } from "@/lib/queues/queries";

export const GET = handle(async () => Response.json(listQueues((await currentAnnotator())?.id ?? 0)));
