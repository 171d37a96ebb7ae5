import { requireAnnotator } from "@/lib/annotators/queries";
import { body, handle } from "@/lib/http";
import { disputesOf, rule } from "@/lib/judgements/disputes";
import { rulingInput } from "@/lib/judgements/schema";

type Context = RouteContext<"/api/queues/[id]/disputes">;

export const GET = handle<Context>(async (_, { params }) => {
  const reviewer = await requireAnnotator();
  return Response.json(disputesOf(Number((await params).id), reviewer.id));
});

/** A ruling; answers with the list as it stands now. */
export const POST = handle<Context>(async (request, { params }) => {
  const reviewer = await requireAnnotator();
  rule(reviewer.id, await body(request, rulingInput), Date.now());
  return Response.json(disputesOf(Number((await params).id), reviewer.id));
});
