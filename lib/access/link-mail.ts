// Links by which people join or choose a new password, sent by mail. To an address that somebody only typed goes none: whoever reads its mail would
// come in as them. It is the one that an owner gave with the invitation or for the account, or that the team's provider says is theirs.
import "server-only";
import { eq } from "drizzle-orm";
import { mailServer, teamUrl } from "../../common/env";
import type { Language } from "../../common/written-language";
import { AppError } from "../../spec/errors";
import { appDb } from "../db/client";
import { type Invitation, type User, users } from "../db/tables/accounts";
import { sendMail } from "../mail/send-mail";
import { translate } from "../messages/messages";
import { type Asked, invite, joinLink, requireInvitation } from "./invitations";

/** A link that was just made, and to which address it can be sent; null where to none. */
export function makeLink(asked: Asked, now: number): { link: string; mailTo: string | null } {
  const token = invite(asked, now);
  const invitation = requireInvitation(token, now);
  return { link: joinLink(token), mailTo: mailServer() && addressOf(invitation, userOf(invitation)) };
}

/** Sends the link of an open invitation to whom it is for, and answers with the address. */
export async function mailLink(token: string, otherwise: Language, now: number): Promise<string> {
  const invitation = requireInvitation(token, now);
  const user = userOf(invitation);
  const to = addressOf(invitation, user);
  if (to === null)
    throw new AppError(
      409,
      "There is no confirmed e-mail address to send this link to; copy it, and send it yourself.",
    );
  await sendMail({ to, ...written(user?.language ?? otherwise, joinLink(token), invitation, user) });
  return to;
}

const userOf = ({ userId }: Invitation): User | null =>
  userId === null ? null : (appDb().select().from(users).where(eq(users.id, userId)).get() ?? null);

const addressOf = ({ email }: Invitation, user: User | null): string | null =>
  user === null ? email : user.emailVerified ? user.email : null;

/** The link stands alone on its line, so that programs find its end. */
function written(language: Language, link: string, { expiresAt }: Invitation, user: User | null) {
  const host = teamUrl()!.host;
  const time = { dateStyle: "long", timeStyle: "long", timeZone: "UTC" } as const;
  const until = new Intl.DateTimeFormat(language, time).format(expiresAt);
  const [subject, about] =
    user === null
      ? [translate(language, "mail.joinSubject", { host }), translate(language, "mail.join", { host, until })]
      : [
          translate(language, "mail.passwordSubject", { host }),
          translate(language, "mail.password", { host, until, name: user.name }),
        ];
  return { subject, text: `${about}\n\n${link}\n\n${translate(language, "mail.ignore")}\n` };
}
