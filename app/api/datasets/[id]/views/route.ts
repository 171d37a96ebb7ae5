import { queueIn } from "@/lib/annotation/queues/require-queue";
import { saveView, viewsOf } from "@/lib/annotation/records/record-views";
import { savedViews, viewInput } from "@/lib/annotation/records/records-schema";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

type Context = RouteContext<"/api/datasets/[id]/views">;

/** The saved views of the dataset's records. */
export const GET = handle("read", { answer: savedViews }, async (_, { params }: Context) => {
  await requireAnnotator();
  return viewsOf(await queueIn(params));
});

/** Saves a view of the records under a name; answers with all views. */
export const POST = handle(
  "review",
  { body: viewInput, answer: savedViews, status: 201 },
  async ({ body: view }, { params }: Context) => {
    const annotator = await requireAnnotator();
    const queueId = await queueIn(params);
    await retryOnBusyAsync(() => saveView(queueId, annotator.id, view, Date.now()));
    return viewsOf(queueId);
  },
);
