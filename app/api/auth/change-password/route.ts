import { passwordChange } from "@/lib/access/access-schema";
import { answeredByAuth } from "@/lib/access/auth";
import { handle } from "@/lib/http/handle";

/** Chooses another password; with revokeOtherSessions every other session ends. */
export const POST = handle("signed in", { body: passwordChange, answer: ["application/json"] }, ({ request, body }) =>
  answeredByAuth(request, body),
);
