import { requireAnnotator } from "@/lib/annotators/queries";
import { exclusionInput } from "@/lib/doctor/schema";
import { exclude } from "@/lib/doctor/store";
import { body, handle } from "@/lib/http";

/** Leaves pairs out, or takes them in again. */
export const POST = handle(async (request) => {
  const annotator = await requireAnnotator();
  exclude(annotator.id, await body(request, exclusionInput), Date.now());
  return Response.json({ saved: true });
});
