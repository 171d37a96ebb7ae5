import { handle } from "@/lib/http/handle";
import { countRuns } from "@/lib/runs/run-queries";

// Answers once the database does: what `npm start` waits for.
export const GET = handle(() => Response.json({ ok: true, runs: countRuns() }));
