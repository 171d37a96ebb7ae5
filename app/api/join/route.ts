import { joinInput } from "@/lib/access/access-schema";
import { join } from "@/lib/access/join";
import { body, handle } from "@/lib/http/handle";

/** Makes an account by the link of an invitation, or chooses a new password by one. */
export const POST = handle("public", async (request) =>
  join(await body(request, joinInput), request.headers, Date.now()),
);
