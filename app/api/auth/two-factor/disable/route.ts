import { passwordAgain } from "@/lib/access/access-schema";
import { answeredByAuth } from "@/lib/access/auth";
import { handle } from "@/lib/http/handle";

/** Ends one's second step; answers with the cookie of a new session. */
export const POST = handle("signed in", { body: passwordAgain, answer: ["application/json"] }, ({ request, body }) =>
  answeredByAuth(request, body),
);
