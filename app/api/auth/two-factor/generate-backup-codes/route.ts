import { newBackupCodes, passwordAgain } from "@/lib/access/access-schema";
import { answeredByAuth } from "@/lib/access/auth";
import { handle } from "@/lib/http/handle";

/** Makes new backup codes, told here alone; the ones before let nobody in any more. */
export const POST = handle("signed in", { body: passwordAgain, answer: newBackupCodes }, ({ request, body }) =>
  answeredByAuth(request, body),
);
