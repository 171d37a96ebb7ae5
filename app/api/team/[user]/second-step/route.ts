import { invited } from "@/lib/access/access-schema";
import { currentUser } from "@/lib/access/current-user";
import { makeLink } from "@/lib/access/link-mail";
import { requirePassword } from "@/lib/access/members";
import { handle } from "@/lib/http/handle";

/** Makes a link by which somebody chooses a new password and is asked for no code any more; it holds for a day. */
export const POST = handle(
  "administer",
  { answer: invited, status: 201 },
  async (_, { params }: RouteContext<"/api/team/[user]/second-step">) => {
    const { id, role } = requirePassword((await params).user);
    const by = await currentUser();
    const asked = { role, userId: id, endsSecondStep: true, createdBy: by?.id ?? null, days: 1 };
    return makeLink(asked, Date.now());
  },
);
