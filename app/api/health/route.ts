import { handle } from "@/lib/http";
import { countRuns } from "@/lib/runs/queries";

// Answers once the database does: what `npm start` waits for.
export const GET = handle(() => Response.json({ ok: true, runs: countRuns() }));
