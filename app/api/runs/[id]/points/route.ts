import { z } from "zod";
import { handle } from "@/lib/http";
import { pointsAfter, runDetail } from "@/lib/runs/queries";

const query = z.object({ after: z.coerce.number().int().min(0).default(0) });

export const GET = handle<RouteContext<"/api/runs/[id]/points">>(async (request, { params }) => {
  const { after } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  const { id } = runDetail((await params).id);
  return Response.json(pointsAfter(id, after));
});
