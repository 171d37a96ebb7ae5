import { signInByName } from "@/lib/access/access-schema";
import { answeredByAuth } from "@/lib/access/auth";
import { handle } from "@/lib/http/handle";

/** Signs in with user name and password; its own limit of tries answers 429. */
export const POST = handle("public", { body: signInByName, answer: ["application/json"] }, ({ request, body }) =>
  answeredByAuth(request, body),
);
