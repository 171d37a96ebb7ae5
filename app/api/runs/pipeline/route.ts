import { body, handle } from "@/lib/http/handle";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { launchPipeline } from "@/lib/runs/launch-pipeline";
import { pipelineInput } from "@/lib/runs/pipeline";

/** SFT, a reward model and policies from both, each waiting for what it needs. */
export const POST = handle("write", async (request) => {
  const input = await body(request, pipelineInput);
  const startedBy = (await currentAnnotator())?.id ?? null;
  return Response.json(await launchPipeline(input, Date.now(), startedBy), { status: 201 });
});
