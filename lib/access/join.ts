// Somebody who was invited makes an account, or chooses a new password.
import "server-only";
import { APIError } from "better-auth/api";
import { eq, type SQL } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { appDb } from "../db/client";
import { type Invitation, sessions, users } from "../db/tables/accounts";
import { translatedError } from "../messages/translated-error";
import type { JoinInput } from "./access-schema";
import { madeUpAddress, releaseUnconfirmed } from "./addresses";
import { newAnnotator } from "./annotator-of";
import { requireTeamAuth } from "./auth";
import { endPasswordLinks, markUsed, requireInvitation } from "./invitations";
import { endSecondStep } from "./second-step";
import { endLink } from "./single-sign-on";

/** Answers with the cookie of a session. `headers`: of the request, for its address. */
export async function join({ token, ...given }: JoinInput, headers: Headers, now: number): Promise<Response> {
  const auth = requireTeamAuth();
  const invitation = requireInvitation(token, now);
  const { id, role, userId, annotatorId: known } = invitation;
  if (userId !== null) return choosePassword({ ...invitation, userId }, given.password, now);
  const { username, password } = given;
  const email = invitation.email ?? given.email?.toLowerCase() ?? madeUpAddress(username);
  if (isTaken(eq(users.username, username.toLowerCase())))
    throw translatedError(409, "error.userNameTaken", { name: username });
  if (invitation.email !== null) releaseUnconfirmed(email, now);
  if (isTaken(eq(users.email, email))) throw translatedError(409, "error.emailTaken", { email });
  const annotatorId = known ?? (await newAnnotator(username, now));
  if (!markUsed(id, now)) throw translatedError(409, "error.linkInUse");
  try {
    const body = { name: username, username, email, password, role, annotatorId };
    const answer = await auth.api.signUpEmail({ body, headers, asResponse: true });
    if (answer.ok && invitation.email !== null) confirmAddress(email); // an owner wrote it
    return answer;
  } catch (error) {
    if (error instanceof APIError) throw new AppError(400, error.message, { cause: error });
    throw error;
  }
}

const isTaken = (by: SQL): boolean => appDb().select().from(users).where(by).get() !== undefined;

const confirmAddress = (email: string): void =>
  void appDb().update(users).set({ emailVerified: true }).where(eq(users.email, email)).run();

async function choosePassword(
  { id, userId, endsSecondStep: ends }: Invitation & { userId: string },
  password: string,
  now: number,
): Promise<Response> {
  const { internalAdapter, password: hashing } = await requireTeamAuth().$context;
  if (!markUsed(id, now)) throw translatedError(409, "error.linkInUse");
  await internalAdapter.updatePassword(userId, await hashing.hash(password));
  endLink(userId);
  endPasswordLinks(userId, now);
  if (ends) endSecondStep(userId);
  appDb().delete(sessions).where(eq(sessions.userId, userId)).run();
  return Response.json({ signedIn: false });
}
