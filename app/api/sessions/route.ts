import { requireUser } from "@/lib/access/current-user";
import { endSessions, sessionsOf } from "@/lib/access/members";
import { handle } from "@/lib/http/handle";

/** Where one is signed in. */
export const GET = handle("signed in", async () => {
  const { id, sessionId } = await requireUser();
  return Response.json(sessionsOf(id, sessionId));
});

/** Signs one out everywhere else. */
export const DELETE = handle("signed in", async () => {
  const { id, sessionId } = await requireUser();
  endSessions(id, { but: sessionId });
  return Response.json(sessionsOf(id, sessionId));
});
