import { handle } from "@/lib/http/handle";
import { measureQuantised, quantisedOf } from "@/lib/runs/quantised";

export const GET = handle<RouteContext<"/api/runs/[id]/quantised">>("read", async (_, { params }) =>
  Response.json(quantisedOf((await params).id)),
);

/** Measures it; the answer is there when the job has ended. */
export const POST = handle<RouteContext<"/api/runs/[id]/quantised">>("write", async (_, { params }) =>
  Response.json(await measureQuantised((await params).id)),
);
