import { judgingOf, startJudging } from "@/lib/annotation/judges/judge-job";
import { judgeInput } from "@/lib/annotation/judges/judges-schema";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { body, handle } from "@/lib/http/handle";

type Context = RouteContext<"/api/queues/[id]/judge">;

/** How far the dataset's judge is. */
export const GET = handle<Context>("write", async (_, { params }) =>
  Response.json(judgingOf(queueOf((await params).id))),
);

/** Has an endpoint judge the pairs that it has not judged. */
export const POST = handle<Context>("write", async (request, { params }) => {
  const { endpoint } = await body(request, judgeInput);
  return Response.json(startJudging(queueOf((await params).id), endpoint));
});
