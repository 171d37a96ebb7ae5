import { linkMailed, mailedTo } from "@/lib/access/access-schema";
import { mailLink } from "@/lib/access/link-mail";
import { handle } from "@/lib/http/handle";

/** Mails a link that was just made to whom it is for. */
export const POST = handle("administer", { body: linkMailed, answer: mailedTo }, async ({ body: { token } }) => ({
  to: await mailLink(token, "en", Date.now()),
}));
