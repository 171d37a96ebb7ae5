import { rankingScreen } from "@/lib/annotation/queues/list-queues";
import { queueScreen } from "@/lib/annotation/queues/queue-schema";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** The next records, which are assigned to whoever asks where the dataset limits annotations per record. */
export const GET = handle(
  "annotate",
  { answer: queueScreen },
  async (_, { params }: RouteContext<"/api/queues/[id]/tasks">) => {
    const annotator = await requireAnnotator();
    const id = await queueIn(params);
    return retryOnBusyAsync(() => rankingScreen(id, annotator.id));
  },
);
