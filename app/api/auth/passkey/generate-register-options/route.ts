import { passkeyAsked } from "@/lib/access/access-schema";
import { passedToAuth } from "@/lib/access/auth";
import { handle } from "@/lib/http/handle";

/** What a browser makes a passkey by: a challenge, of use once, within five minutes. */
export const GET = handle("signed in", { query: passkeyAsked, answer: ["application/json"] }, ({ request }) =>
  passedToAuth(request),
);
