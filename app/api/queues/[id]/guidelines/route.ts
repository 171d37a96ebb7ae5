import { agreementInput } from "@/lib/annotation/guidelines/guidelines-schema";
import { agreeToGuidelines, listGuidelines } from "@/lib/annotation/guidelines/versions";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Every version, newest first. */
export const GET = handle<RouteContext<"/api/queues/[id]/guidelines">>("read", async (_, { params }) =>
  Response.json(listGuidelines(await queueIn(params))),
);

/** Whoever asks has read this version. */
export const POST = handle<RouteContext<"/api/queues/[id]/guidelines">>("annotate", async (request, { params }) => {
  const annotator = await requireAnnotator();
  const id = await queueIn(params);
  const { number } = await body(request, agreementInput);
  await retryOnBusyAsync(() => agreeToGuidelines(annotator.id, id, number, Date.now()));
  return Response.json({ number });
});
