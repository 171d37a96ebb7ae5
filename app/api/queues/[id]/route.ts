import { requireAnnotator } from "@/lib/annotators/queries";
import { patientlyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http";
import { queueIn } from "@/lib/queues/found";
import { changeQueue, getQueue } from "@/lib/queues/queries";
import { queueSettings } from "@/lib/queues/schema";

export const PATCH = handle<RouteContext<"/api/queues/[id]">>(async (request, { params }) => {
  const annotator = await requireAnnotator();
  const id = await queueIn(params);
  const change = await body(request, queueSettings);
  await patientlyAsync(() => changeQueue(id, annotator.id, change, Date.now()));
  return Response.json(getQueue(id, annotator.id));
});
