import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { requireRun } from "@/lib/runs/require-run";
import { rolloutsOf } from "@/lib/runs/run-rollouts";

const query = z.object({ step: z.coerce.number().int().min(0).nullable().default(null) });

export const GET = handle<RouteContext<"/api/runs/[id]/rollouts">>("read", async (request, { params }) => {
  const { step } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(rolloutsOf(requireRun((await params).id).id, step));
});
