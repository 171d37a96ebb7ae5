import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { pushModel } from "@/lib/runs/push-model";
import { pushed, pushInput } from "@/lib/runs/push-schema";

/** The run's model as a commit of a repository on the Hugging Face Hub. */
export const POST = handle(
  "write",
  { body: pushInput, answer: pushed },
  async ({ body }, { params }: RouteContext<"/api/runs/[id]/push">) => {
    await requireAnnotator();
    return pushModel((await params).id, body);
  },
);
