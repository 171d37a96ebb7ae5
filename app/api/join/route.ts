import { joinInput } from "@/lib/access/access-schema";
import { join } from "@/lib/access/join";
import { handle } from "@/lib/http/handle";

/** Makes an account by the link of an invitation, or chooses a new password by one. */
export const POST = handle("public", { body: joinInput, answer: ["application/json"] }, async ({ request, body }) =>
  join(body, request.headers, Date.now()),
);
