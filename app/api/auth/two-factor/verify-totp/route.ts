import { appCode } from "@/lib/access/access-schema";
import { checkCode } from "@/lib/access/second-step";
import { handle } from "@/lib/http/handle";

/** Signs in by a code of the authenticator app, after the password; of whoever is signed in, confirms their second step. A code is of use once. */
export const POST = handle("public", { body: appCode, answer: ["application/json"] }, ({ request, body }) =>
  checkCode(request, body.code, Date.now()),
);
