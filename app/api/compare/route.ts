import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { runIds } from "@/lib/runs/compare/compare-schema";
import { comparedRuns } from "@/lib/runs/compare/compared-runs";

const query = z.object({ runs: runIds });

export const GET = handle("read", (request) => {
  const { runs } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(comparedRuns(runs));
});
