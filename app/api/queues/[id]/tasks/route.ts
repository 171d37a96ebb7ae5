import { requireAnnotator } from "@/lib/annotators/queries";
import { patientlyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http";
import { queueIn } from "@/lib/queues/found";
import { rankingScreen } from "@/lib/queues/queries";

export const GET = handle<RouteContext<"/api/queues/[id]/tasks">>(async (_, { params }) => {
  const annotator = await requireAnnotator();
  const id = await queueIn(params);
  return Response.json(await patientlyAsync(() => rankingScreen(id, annotator.id)));
});
