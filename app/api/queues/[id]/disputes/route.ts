import { disputes, rulingInput } from "@/lib/annotation/judging/judging-schema";
import { queueIn, requirePairs } from "@/lib/annotation/queues/require-queue";
import { disputesOf, rule } from "@/lib/annotation/review/disputes";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

type Context = RouteContext<"/api/queues/[id]/disputes">;

/** The records on which annotators disagree. */
export const GET = handle("read", { answer: disputes }, async (_, { params }: Context) => {
  const reviewer = await requireAnnotator();
  const queueId = await queueIn(params);
  return disputesOf(queueId, reviewer.id);
});

/** A ruling; answers with the list as it stands now. */
export const POST = handle(
  "review",
  { body: rulingInput, answer: disputes },
  async ({ body: ruling }, { params }: Context) => {
    const reviewer = await requireAnnotator();
    const queueId = await queueIn(params);
    requirePairs(queueId, [ruling.itemId]);
    await retryOnBusyAsync(() => rule(reviewer.id, ruling, Date.now()));
    return disputesOf(queueId, reviewer.id);
  },
);
