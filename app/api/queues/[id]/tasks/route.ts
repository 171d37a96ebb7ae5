import { rankingScreen } from "@/lib/annotation/queues/list-queues";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

export const GET = handle<RouteContext<"/api/queues/[id]/tasks">>("annotate", async (_, { params }) => {
  const annotator = await requireAnnotator();
  const id = await queueIn(params);
  return Response.json(await retryOnBusyAsync(() => rankingScreen(id, annotator.id)));
});
