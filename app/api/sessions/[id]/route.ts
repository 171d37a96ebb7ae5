import { requireUser } from "@/lib/access/current-user";
import { endSessions, sessionsOf } from "@/lib/access/members";
import { handle } from "@/lib/http/handle";

/** Signs one out of one of one's own sessions. */
export const DELETE = handle<RouteContext<"/api/sessions/[id]">>("signed in", async (_, { params }) => {
  const { id, sessionId } = await requireUser();
  endSessions(id, { id: (await params).id });
  return Response.json(sessionsOf(id, sessionId));
});
