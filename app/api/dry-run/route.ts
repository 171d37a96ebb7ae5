import { handle } from "@/lib/http/handle";
import { dryRun } from "@/lib/runs/preflight";
import { preflightInput } from "@/lib/runs/run-schema";
import { dryRunReport } from "@/spec/reports";

/** Four steps of a run: peak memory, seconds a step, the first rewards. */
export const POST = handle("write", { body: preflightInput, answer: dryRunReport }, ({ body }) =>
  dryRun(body, Date.now()),
);
