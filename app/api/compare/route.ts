import { z } from "zod";
import { comparedRuns } from "@/lib/compare/queries";
import { runIds } from "@/lib/compare/schema";
import { handle } from "@/lib/http";

const query = z.object({ runs: runIds });

export const GET = handle((request) => {
  const { runs } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(comparedRuns(runs));
});
