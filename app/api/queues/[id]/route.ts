import { changeQueue, getQueue } from "@/lib/annotation/queues/list-queues";
import { queueSettings } from "@/lib/annotation/queues/queue-schema";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { deleteQueue } from "@/lib/datasets/manage/remove-dataset";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

export const PATCH = handle<RouteContext<"/api/queues/[id]">>("write", async (request, { params }) => {
  const annotator = await requireAnnotator();
  const id = await queueIn(params);
  const change = await body(request, queueSettings);
  await retryOnBusyAsync(() => changeQueue(id, annotator.id, change, Date.now()));
  return Response.json(getQueue(id, annotator.id));
});

/** It can be restored. */
export const DELETE = handle<RouteContext<"/api/queues/[id]">>("write", async (_, { params }) => {
  await requireAnnotator();
  const id = await queueIn(params);
  await retryOnBusyAsync(() => deleteQueue(id, Date.now()));
  return Response.json({ id });
});
