import { passedToAuth } from "@/lib/access/auth";
import { handle } from "@/lib/http/handle";

/** What a browser signs in with a passkey by: a challenge, of use once, within five minutes. */
export const GET = handle("public", { answer: ["application/json"] }, ({ request }) => passedToAuth(request));
