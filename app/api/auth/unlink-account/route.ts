import { z } from "zod";
import { currentUser } from "@/lib/access/current-user";
import { unlink } from "@/lib/access/linked";
import { handle } from "@/lib/http/handle";

/** Nobody comes in to one's account by the team's provider any more, and its other sessions end; the password stays. The session must have begun within a day. */
export const POST = handle("signed in", { answer: z.null() }, async () => {
  unlink(await currentUser(), Date.now());
  return null;
});
