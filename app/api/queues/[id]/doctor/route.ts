import { runDoctor } from "@/lib/doctor/run";
import { handle } from "@/lib/http";
import { queueIn } from "@/lib/queues/found";

/** What may be wrong with the queue's pairs. */
export const GET = handle<RouteContext<"/api/queues/[id]/doctor">>(async (_, { params }) =>
  Response.json(await runDoctor(await queueIn(params))),
);
