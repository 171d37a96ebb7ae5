import { z } from "zod";
import { evaluationTableOf } from "@/lib/evaluations/table";
import { handle } from "@/lib/http/handle";
import { runIds } from "@/lib/runs/compare/compare-schema";
import { requireRun } from "@/lib/runs/require-run";

const query = z.object({ runs: runIds });

export const GET = handle("read", (request) => {
  const { runs } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(evaluationTableOf(runs.map(requireRun)));
});
