import { signInByEmail } from "@/lib/access/access-schema";
import { answeredByAuth } from "@/lib/access/auth";
import { handle } from "@/lib/http/handle";

/** Signs in with e-mail address and password; its own limit of tries answers 429. */
export const POST = handle("public", { body: signInByEmail, answer: ["application/json"] }, ({ request, body }) =>
  answeredByAuth(request, body),
);
