import type { z } from "zod";
import { evaluationInHand, startEvaluation } from "@/lib/evaluations/evaluate";
import { newEvaluation, type runEvaluations } from "@/lib/evaluations/evaluation-schema";
import { evaluationTableOf } from "@/lib/evaluations/table";
import { body, handle } from "@/lib/http/handle";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { requireRun } from "@/lib/runs/require-run";

const found = (id: string): z.infer<typeof runEvaluations> => ({
  table: evaluationTableOf([requireRun(id)]),
  job: evaluationInHand(id),
});

export const GET = handle<RouteContext<"/api/runs/[id]/evaluations">>("read", async (_, { params }) =>
  Response.json(found((await params).id)),
);

/** Begins it; GET says how far it is. */
export const POST = handle<RouteContext<"/api/runs/[id]/evaluations">>("write", async (request, { params }) => {
  const { id } = await params;
  startEvaluation(id, await body(request, newEvaluation), (await currentAnnotator())?.id ?? null);
  return Response.json(found(id), { status: 202 });
});
