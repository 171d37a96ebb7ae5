import type { z } from "zod";
import { startAgreement } from "@/lib/evaluations/agreement";
import { evaluationInHand, startEvaluation } from "@/lib/evaluations/evaluate";
import { runEvaluations, startedEvaluation } from "@/lib/evaluations/evaluation-schema";
import { evaluationTableOf } from "@/lib/evaluations/table";
import { handle } from "@/lib/http/handle";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { requireRun } from "@/lib/runs/require-run";

const found = (id: string): z.infer<typeof runEvaluations> => ({
  table: evaluationTableOf([requireRun(id)]),
  job: evaluationInHand(id),
});

/** How a run's model did in evaluations, and how far the one is that goes on. */
export const GET = handle(
  "read",
  { answer: runEvaluations },
  async (_, { params }: RouteContext<"/api/runs/[id]/evaluations">) => found((await params).id),
);

/** Begins it; GET says how far it is. */
export const POST = handle(
  "write",
  { body: startedEvaluation, answer: runEvaluations, status: 202 },
  async ({ body: asked }, { params }: RouteContext<"/api/runs/[id]/evaluations">) => {
    const { id } = await params;
    const startedBy = (await currentAnnotator())?.id ?? null;
    if ("data" in asked) await startAgreement(id, asked, startedBy);
    else startEvaluation(id, asked, startedBy);
    return found(id);
  },
);
