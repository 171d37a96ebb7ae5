import type { z } from "zod";
import { startAgreement } from "@/lib/evaluations/agreement";
import { evaluationInHand, startEvaluation } from "@/lib/evaluations/evaluate";
import { type runEvaluations, startedEvaluation } from "@/lib/evaluations/evaluation-schema";
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
  const asked = await body(request, startedEvaluation);
  const startedBy = (await currentAnnotator())?.id ?? null;
  if ("data" in asked) await startAgreement(id, asked, startedBy);
  else startEvaluation(id, asked, startedBy);
  return Response.json(found(id), { status: 202 });
});
