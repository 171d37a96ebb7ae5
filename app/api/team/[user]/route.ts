import { memberChange } from "@/lib/access/access-schema";
import { changeMember, membersNow } from "@/lib/access/members";
import { body, handle } from "@/lib/http/handle";

/** Gives somebody another role, or lets them sign in no more, or again. */
export const PATCH = handle<RouteContext<"/api/team/[user]">>("administer", async (request, { params }) => {
  const change = await body(request, memberChange);
  changeMember((await params).user, change, Date.now());
  return Response.json(membersNow(Date.now()));
});
