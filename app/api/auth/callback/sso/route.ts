import { comeBack } from "@/lib/access/come-back";
import { handle } from "@/lib/http/handle";

/** Where the team's provider sends a browser back: signed in where they were invited, else to the sign-in page. */
export const GET = handle("public", { answer: ["text/html"] }, ({ request }) => comeBack(request));
