import { membersNow as membersNowSchema } from "@/lib/access/access-schema";
import { currentUser } from "@/lib/access/current-user";
import { disconnect } from "@/lib/access/linked";
import { membersNow } from "@/lib/access/members";
import { handle } from "@/lib/http/handle";

/** Nobody comes in to somebody's account by the team's provider any more, and its sessions end; the password stays. Refused where there is none. */
export const DELETE = handle(
  "administer",
  { answer: membersNowSchema },
  async (_, { params }: RouteContext<"/api/team/[user]/connection">) => {
    disconnect((await params).user, (await currentUser())?.sessionId ?? null);
    return membersNow(Date.now());
  },
);
