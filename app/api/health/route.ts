import { handle } from "@/lib/http/handle";
import { countRuns } from "@/lib/runs/list-runs";

// Answers once the database does: what `npm start` waits for.
export const GET = handle(() => Response.json({ ok: true, runs: countRuns() }));
