import { queueOf } from "@/lib/annotation/queues/require-queue";
import { fillState } from "@/lib/generation/fill-schema";
import { startScoring } from "@/lib/generation/scoring";
import { scoringInput } from "@/lib/generation/scoring-schema";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Has the reward model of a run or of a server score the pairs that it has not scored; /api/queues/fill tells how far it is. */
export const POST = handle(
  "write",
  { body: scoringInput, answer: fillState },
  async ({ body }, { params }: RouteContext<"/api/queues/[id]/scores">) => {
    await requireAnnotator();
    return startScoring(queueOf((await params).id), body);
  },
);
