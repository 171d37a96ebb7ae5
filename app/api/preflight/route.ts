import { handle } from "@/lib/http/handle";
import { preflight } from "@/lib/runs/preflight";
import { preflightInput } from "@/lib/runs/run-schema";
import { preflightReport } from "@/spec/reports";

/** What would stop a run, what it would learn from and need. */
export const POST = handle("write", { body: preflightInput, answer: preflightReport }, ({ request, body }) =>
  preflight(body, Date.now(), request.signal),
);
