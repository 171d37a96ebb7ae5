import { queueIn } from "@/lib/annotation/queues/require-queue";
import { saveView, viewsOf } from "@/lib/annotation/records/record-views";
import { viewInput } from "@/lib/annotation/records/records-schema";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

type Context = RouteContext<"/api/datasets/[id]/views">;

export const GET = handle<Context>("read", async (_, { params }) => {
  await requireAnnotator();
  return Response.json(viewsOf(await queueIn(params)));
});

/** Saves a view of the records under a name; answers with all views. */
export const POST = handle<Context>("review", async (request, { params }) => {
  const annotator = await requireAnnotator();
  const queueId = await queueIn(params);
  const view = await body(request, viewInput);
  await retryOnBusyAsync(() => saveView(queueId, annotator.id, view, Date.now()));
  return Response.json(viewsOf(queueId), { status: 201 });
});
