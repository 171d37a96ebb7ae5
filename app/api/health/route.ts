import { health, healthAt } from "@/lib/health/health";
import { handle } from "@/lib/http/handle";

/** How the parts of the workbench fare, as soon as the database answers: what `npm start` waits for. */
export const GET = handle("public", { answer: health }, () => ({ ok: true, ...healthAt(Date.now()) }));
