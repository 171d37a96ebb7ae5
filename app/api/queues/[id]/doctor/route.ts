import { runDoctor } from "@/lib/annotation/data-checks/run-data-checks";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { handle } from "@/lib/http/handle";

/** What may be wrong with the queue's pairs. */
export const GET = handle<RouteContext<"/api/queues/[id]/doctor">>(async (_, { params }) =>
  Response.json(await runDoctor(queueOf((await params).id))),
);
