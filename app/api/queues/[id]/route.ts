import { changeQueue, getQueue } from "@/lib/annotation/queues/list-queues";
import { queueDto, queueSettings } from "@/lib/annotation/queues/queue-schema";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { datasetId } from "@/lib/datasets/manage/manage-schema";
import { deleteQueue } from "@/lib/datasets/manage/remove-dataset";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Changes the settings of a dataset. */
export const PATCH = handle(
  "write",
  { body: queueSettings, answer: queueDto },
  async ({ body: change }, { params }: RouteContext<"/api/queues/[id]">) => {
    const annotator = await requireAnnotator();
    const id = await queueIn(params);
    await retryOnBusyAsync(() => changeQueue(id, annotator.id, change, Date.now()));
    return getQueue(id, annotator.id);
  },
);

/** It can be restored. */
export const DELETE = handle(
  "write",
  { answer: datasetId },
  async (_, { params }: RouteContext<"/api/queues/[id]">) => {
    await requireAnnotator();
    const id = await queueIn(params);
    await retryOnBusyAsync(() => deleteQueue(id, Date.now()));
    return { id };
  },
);
