import { requireAnnotator } from "@/lib/annotators/queries";
import { body, handle } from "@/lib/http";
import { fillState, startFilling } from "@/lib/queues/fill";
import { fillInput } from "@/lib/queues/fill-schema";

export const GET = handle(() => Response.json(fillState()));

export const POST = handle(async (request) => {
  await requireAnnotator();
  return Response.json(await startFilling(await body(request, fillInput), Date.now()));
});
