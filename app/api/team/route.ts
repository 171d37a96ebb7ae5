import { invited, inviteInput, membersNow as membersNowSchema } from "@/lib/access/access-schema";
import { currentUser } from "@/lib/access/current-user";
import { makeLink } from "@/lib/access/link-mail";
import { membersNow } from "@/lib/access/members";
import { handle } from "@/lib/http/handle";

/** Who belongs to the team, and which invitations are open. */
export const GET = handle("administer", { answer: membersNowSchema }, () => membersNow(Date.now()));

/** Makes an invitation; the link is told here alone. */
export const POST = handle(
  "administer",
  { body: inviteInput, answer: invited, status: 201 },
  async ({ body: asked }) => {
    const by = await currentUser();
    return makeLink({ ...asked, createdBy: by?.id ?? null }, Date.now());
  },
);
