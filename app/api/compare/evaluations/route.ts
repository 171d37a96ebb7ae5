import { z } from "zod";
import { evaluationTable } from "@/lib/evaluations/evaluation-schema";
import { evaluationTableOf } from "@/lib/evaluations/table";
import { handle } from "@/lib/http/handle";
import { runIds } from "@/lib/runs/compare/compare-schema";
import { requireRun } from "@/lib/runs/require-run";

const query = z.object({ runs: runIds });

/** The evaluations of runs and of the models that they were trained from, side by side. */
export const GET = handle("read", { query, answer: evaluationTable }, ({ query: { runs } }) =>
  evaluationTableOf(runs.map(requireRun)),
);
