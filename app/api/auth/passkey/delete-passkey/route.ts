import { passkeyRemoved } from "@/lib/access/access-schema";
import { answeredByAuth } from "@/lib/access/auth";
import { handle } from "@/lib/http/handle";

/** Removes one of one's own passkeys: it lets nobody in any more. */
export const POST = handle("signed in", { body: passkeyRemoved, answer: ["application/json"] }, ({ request, body }) =>
  answeredByAuth(request, body),
);
