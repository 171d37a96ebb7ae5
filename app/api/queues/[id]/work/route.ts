import { queueIn } from "@/lib/annotation/queues/require-queue";
import { giveWork, workOf } from "@/lib/annotation/work/give";
import { assignedWork, workInput } from "@/lib/annotation/work/work-schema";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Who was given how many records of the dataset, and how far they are. */
export const GET = handle(
  "read",
  { answer: assignedWork },
  async (_, { params }: RouteContext<"/api/queues/[id]/work">) => workOf(await queueIn(params), Date.now()),
);

/** Gives somebody records of the dataset, in the place of those that they were given before. */
export const POST = handle(
  "review",
  { body: workInput, answer: assignedWork },
  async ({ body }, { params }: RouteContext<"/api/queues/[id]/work">) => {
    const { id: by } = await requireAnnotator();
    const id = await queueIn(params);
    await retryOnBusyAsync(() => giveWork(id, body, by, Date.now()));
    return workOf(id, Date.now());
  },
);
