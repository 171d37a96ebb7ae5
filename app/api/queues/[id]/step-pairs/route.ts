import { queueOf } from "@/lib/annotation/queues/require-queue";
import { startStepPairs, stepPairsOf } from "@/lib/generation/continue-steps";
import { stepPairsInput } from "@/lib/generation/step-pairs-input";
import { stepPairsState } from "@/lib/generation/step-pairs-schema";
import { handle } from "@/lib/http/handle";

type Context = RouteContext<"/api/queues/[id]/step-pairs">;

/** How far the continuations of the dataset's solutions are, or were last. */
export const GET = handle("write", { answer: stepPairsState }, async (_, { params }: Context) =>
  stepPairsOf(queueOf((await params).id).id),
);

/** Has a model go on after the right steps of the dataset's wrong solutions, and makes a dataset of Step-DPO's pairs of them. */
export const POST = handle(
  "write",
  { body: stepPairsInput, answer: stepPairsState },
  async ({ body }, { params }: Context) => startStepPairs(queueOf((await params).id), body, Date.now()),
);
