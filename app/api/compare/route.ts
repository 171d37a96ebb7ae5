import { z } from "zod";
import { comparedRuns } from "@/lib/compare/queries";
import { handle } from "@/lib/http";

const query = z.object({ runs: z.string().transform((ids) => ids.split(",").filter(Boolean)) });

export const GET = handle((request) => {
  const { runs } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(comparedRuns(runs));
});
