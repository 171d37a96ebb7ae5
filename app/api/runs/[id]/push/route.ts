import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { pushModel } from "@/lib/runs/push-model";
import { pushInput } from "@/lib/runs/push-schema";

/** The run's model as a commit of a repository on the Hugging Face Hub. */
export const POST = handle<RouteContext<"/api/runs/[id]/push">>("write", async (request, { params }) => {
  await requireAnnotator();
  return Response.json(await pushModel((await params).id, await body(request, pushInput)));
});
