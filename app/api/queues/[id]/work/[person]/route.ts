import { rowNumber } from "@/common/row-number";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { withdrawWork, workOf } from "@/lib/annotation/work/give";
import { assignedWork } from "@/lib/annotation/work/work-schema";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { AppError } from "@/spec/errors";

/** Withdraws what somebody was given of the dataset; what they annotated stays. */
export const DELETE = handle(
  "review",
  { answer: assignedWork },
  async (_, { params }: RouteContext<"/api/queues/[id]/work/[person]">) => {
    const id = await queueIn(params);
    const { person } = await params;
    const annotatorId = rowNumber(person);
    if (annotatorId === null) throw new AppError(404, `There is no annotator ${person}.`);
    await retryOnBusyAsync(() => withdrawWork(id, annotatorId));
    return workOf(id, Date.now());
  },
);
