import { signInElsewhere } from "@/lib/access/access-schema";
import { answeredByAuth } from "@/lib/access/auth";
import { providerId } from "@/lib/access/single-sign-on";
import { handle } from "@/lib/http/handle";
import { ownPath } from "@/lib/http/own-path";

/** Where a browser signs in at the team's provider, as `{url}`. */
export const POST = handle(
  "public",
  { body: signInElsewhere, answer: ["application/json"] },
  ({ request, body: { to } }) =>
    answeredByAuth(request, { provider: providerId, callbackURL: ownPath(to), disableRedirect: true }),
);
