import { memberChange, membersNow as membersNowSchema } from "@/lib/access/access-schema";
import { changeMember, membersNow } from "@/lib/access/members";
import { handle } from "@/lib/http/handle";

/** Gives somebody another role, or lets them sign in no more, or again. */
export const PATCH = handle(
  "administer",
  { body: memberChange, answer: membersNowSchema },
  async ({ body: change }, { params }: RouteContext<"/api/team/[user]">) => {
    changeMember((await params).user, change, Date.now());
    return membersNow(Date.now());
  },
);
