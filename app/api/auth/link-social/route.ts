import { currentUser } from "@/lib/access/current-user";
import { link } from "@/lib/access/linked";
import { handle } from "@/lib/http/handle";

/** Where a browser says at the team's provider who is to come in to one's account by it too, as `{url}`. The session must have begun within a day. */
export const POST = handle("signed in", { answer: ["application/json"] }, async ({ request }) =>
  link(request, await currentUser(), Date.now()),
);
