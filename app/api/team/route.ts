import { inviteInput } from "@/lib/access/access-schema";
import { currentUser } from "@/lib/access/current-user";
import { invite, joinLink } from "@/lib/access/invitations";
import { membersNow } from "@/lib/access/members";
import { body, handle } from "@/lib/http/handle";

/** Who belongs to the team, and which invitations are open. */
export const GET = handle("administer", () => Response.json(membersNow(Date.now())));

/** Makes an invitation; the link is told here alone. */
export const POST = handle("administer", async (request) => {
  const asked = await body(request, inviteInput);
  const by = await currentUser();
  return Response.json(
    { link: joinLink(invite({ ...asked, createdBy: by?.id ?? null }, Date.now())) },
    { status: 201 },
  );
});
