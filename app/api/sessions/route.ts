import { z } from "zod";
import { ownSession } from "@/lib/access/access-schema";
import { requireUser } from "@/lib/access/current-user";
import { endSessions, sessionsOf } from "@/lib/access/members";
import { handle } from "@/lib/http/handle";

/** Where one is signed in. */
export const GET = handle("signed in", { answer: z.array(ownSession) }, async () => {
  const { id, sessionId } = await requireUser();
  return sessionsOf(id, sessionId);
});

/** Signs one out everywhere else. */
export const DELETE = handle("signed in", { answer: z.array(ownSession) }, async () => {
  const { id, sessionId } = await requireUser();
  endSessions(id, { but: sessionId });
  return sessionsOf(id, sessionId);
});
