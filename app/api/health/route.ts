import { healthAt } from "@/lib/health/health";
import { handle } from "@/lib/http/handle";

// Answers once the database does: what `npm start` waits for.
export const GET = handle("public", () => Response.json({ ok: true, ...healthAt(Date.now()) }));
