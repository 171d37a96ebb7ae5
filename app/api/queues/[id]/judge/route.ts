import { judgingOf, startJudging } from "@/lib/annotation/judges/judge-job";
import { judgeInput, judgingState } from "@/lib/annotation/judges/judges-schema";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { handle } from "@/lib/http/handle";

type Context = RouteContext<"/api/queues/[id]/judge">;

/** How far the dataset's judge is. */
export const GET = handle("write", { answer: judgingState }, async (_, { params }: Context) =>
  judgingOf(queueOf((await params).id)),
);

/** Has an endpoint judge the pairs that it has not judged. */
export const POST = handle(
  "write",
  { body: judgeInput, answer: judgingState },
  async ({ body: { endpoint } }, { params }: Context) => startJudging(queueOf((await params).id), endpoint),
);
