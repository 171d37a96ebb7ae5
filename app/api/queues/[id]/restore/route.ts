import { z } from "zod";
import { datasetId } from "@/lib/datasets/manage/manage-schema";
import { restoreQueue } from "@/lib/datasets/manage/remove-dataset";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

const address = z.object({ id: z.coerce.number().int().positive() });

/** Takes back that a dataset was deleted. */
export const POST = handle(
  "write",
  { answer: datasetId },
  async (_, { params }: RouteContext<"/api/queues/[id]/restore">) => {
    await requireAnnotator();
    const { id } = address.parse(await params);
    await retryOnBusyAsync(() => restoreQueue(id));
    return { id };
  },
);
