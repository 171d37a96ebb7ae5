import { requireAnnotator } from "@/lib/annotators/queries";
import { body, handle } from "@/lib/http";
import { sendBack } from "@/lib/judgements/returns";
import { returnInput } from "@/lib/judgements/schema";

/** Sends a pair back to those who judged it; answers with how many they are. */
export const POST = handle<RouteContext<"/api/queues/[id]/returns">>(async (request) => {
  const reviewer = await requireAnnotator();
  const { itemId, note } = await body(request, returnInput);
  return Response.json({ people: sendBack(reviewer.id, itemId, note, Date.now()) });
});
