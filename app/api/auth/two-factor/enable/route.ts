import { passwordAgain, secondStepBegun } from "@/lib/access/access-schema";
import { answeredByAuth } from "@/lib/access/auth";
import { handle } from "@/lib/http/handle";

/** Begins a second step: the secret for an authenticator app, and backup codes, told here alone. It is asked for from when a code confirms it. */
export const POST = handle("signed in", { body: passwordAgain, answer: secondStepBegun }, ({ request, body }) =>
  answeredByAuth(request, body),
);
