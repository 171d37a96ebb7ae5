import { mailServer } from "@/common/env";
import { forgotten } from "@/lib/access/access-schema";
import { answeredByAuth } from "@/lib/access/auth";
import { handle } from "@/lib/http/handle";
import { AppError } from "@/spec/errors";

/** Sends a link for a new password where the account has a confirmed address; the answer is the same where it has none, or there is no such account. */
export const POST = handle("public", { body: forgotten, answer: ["application/json"] }, ({ request, body }) => {
  if (mailServer() === null) throw new AppError(409, "This workbench sends no mail: ask an owner for a link.");
  return answeredByAuth(request, body);
});
