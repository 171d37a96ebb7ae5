import { backupCode } from "@/lib/access/access-schema";
import { answeredByAuth } from "@/lib/access/auth";
import { handle } from "@/lib/http/handle";

/** Signs in by a backup code, after the password; it is of use once. */
export const POST = handle("public", { body: backupCode, answer: ["application/json"] }, ({ request, body }) =>
  answeredByAuth(request, body),
);
