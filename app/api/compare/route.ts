import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { comparedRun, runIds } from "@/lib/runs/compare/compare-schema";
import { comparedRuns } from "@/lib/runs/compare/compared-runs";

const query = z.object({ runs: runIds });

/** Runs side by side: settings, last values, and where the policy stood. */
export const GET = handle("read", { query, answer: z.array(comparedRun) }, ({ query: { runs } }) => comparedRuns(runs));
