import { handle } from "@/lib/http/handle";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { launchPipeline } from "@/lib/runs/launch-pipeline";
import { pipelineInput } from "@/lib/runs/pipeline";
import { launched } from "@/lib/runs/run-schema";

/** SFT, a reward model and policies from both, each waiting for what it needs. */
export const POST = handle("write", { body: pipelineInput, answer: launched, status: 201 }, async ({ body: input }) => {
  const startedBy = (await currentAnnotator())?.id ?? null;
  return launchPipeline(input, Date.now(), startedBy);
});
