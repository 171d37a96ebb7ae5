import { z } from "zod";
import { ownSession } from "@/lib/access/access-schema";
import { requireUser } from "@/lib/access/current-user";
import { endSessions, sessionsOf } from "@/lib/access/members";
import { handle } from "@/lib/http/handle";

/** Signs one out of one of one's own sessions. */
export const DELETE = handle(
  "signed in",
  { answer: z.array(ownSession) },
  async (_, { params }: RouteContext<"/api/sessions/[id]">) => {
    const { id, sessionId } = await requireUser();
    endSessions(id, { id: (await params).id });
    return sessionsOf(id, sessionId);
  },
);
