import { newPasskey } from "@/lib/access/access-schema";
import { answeredByAuth } from "@/lib/access/auth";
import { handle } from "@/lib/http/handle";

/** Keeps the passkey that a browser made. The session must have begun within a day. */
export const POST = handle("signed in", { body: newPasskey, answer: ["application/json"] }, ({ request, body }) =>
  answeredByAuth(request, body),
);
