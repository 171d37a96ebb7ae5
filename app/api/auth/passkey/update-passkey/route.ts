import { passkeyRenamed } from "@/lib/access/access-schema";
import { answeredByAuth } from "@/lib/access/auth";
import { handle } from "@/lib/http/handle";

/** Names one of one's own passkeys. */
export const POST = handle("signed in", { body: passkeyRenamed, answer: ["application/json"] }, ({ request, body }) =>
  answeredByAuth(request, body),
);
