import { addressInput, membersNow as membersNowSchema } from "@/lib/access/access-schema";
import { membersNow, setAddress } from "@/lib/access/members";
import { handle } from "@/lib/http/handle";

/** Says which e-mail address is somebody's, or that none is: links for a new password are sent there. */
export const POST = handle(
  "administer",
  { body: addressInput, answer: membersNowSchema },
  async ({ body: { email } }, { params }: RouteContext<"/api/team/[user]/email">) => {
    setAddress((await params).user, email, Date.now());
    return membersNow(Date.now());
  },
);
