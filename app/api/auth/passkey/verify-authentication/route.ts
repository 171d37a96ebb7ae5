import { passkeySignIn } from "@/lib/access/access-schema";
import { answeredByAuth } from "@/lib/access/auth";
import { handle } from "@/lib/http/handle";

/** Signs in by a passkey, which has asked for a finger, a face or a PIN. */
export const POST = handle("public", { body: passkeySignIn, answer: ["application/json"] }, ({ request, body }) =>
  answeredByAuth(request, body),
);
