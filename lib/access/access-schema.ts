// Accounts and invitations, as pages and scripts send them.
import { z } from "zod";
import { permissions, roles, scopes } from "../../spec/roles";

export const shortestPassword = 10;

const username = z
  .string()
  .trim()
  .min(3, "Choose a user name of 3 letters or more.")
  .max(30, "Choose a user name of at most 30 letters.")
  .regex(/^[a-zA-Z0-9_.]+$/, "A user name has letters, digits, dots and underscores.");
const password = z
  .string()
  .min(shortestPassword, `Choose a password of ${shortestPassword} letters or more.`)
  .max(128, "Choose a password of at most 128 letters.");

export const joinInput = z.strictObject({
  token: z.string().min(1).max(100),
  username,
  email: z.email("This is no e-mail address.").optional(),
  password,
});
export type JoinInput = z.infer<typeof joinInput>;

export const inviteInput = z.strictObject({
  role: z.enum(roles),
  note: z.string().trim().max(100).nullable().default(null),
  /** Of whoever is to join: by single sign-on without the link, or by the link, which can be mailed to it. */
  email: z.email("This is no e-mail address.").nullable().default(null),
  /** An annotator from before there were accounts, whose annotations are to be those of who joins. */
  annotatorId: z.int().nullable().default(null),
  days: z.int().min(1).max(60).default(7),
});

export const memberChange = z.strictObject({
  role: z.enum(roles).optional(),
  deactivated: z.boolean().optional(),
});

/** Theirs, as an owner knows; null where nobody is to be sent mail. */
export const addressInput = z.strictObject({ email: z.email("This is no e-mail address.").max(200).nullable() });

export const invitationDto = z.object({
  id: z.number(),
  role: z.enum(roles),
  note: z.string().nullable(),
  email: z.string().nullable(),
  /** Whether it lets somebody choose a new password, and who. */
  for: z.string().nullable(),
  expiresAt: z.number(),
});
export const member = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(roles),
  deactivatedAt: z.number().nullable(),
  /** Whether they have what a lost phone takes with it: codes, or passkeys. */
  secondStep: z.boolean(),
  email: z.string().nullable(),
  /** Whether it is known to be theirs: an owner says so, or the team's provider. */
  emailConfirmed: z.boolean(),
  /** Whether the team's provider lets them in. */
  connected: z.boolean(),
  /** When they were last here, as far as sessions tell. */
  seenAt: z.number().nullable(),
});
export const membersNow = z
  .object({ members: z.array(member), invitations: z.array(invitationDto) })
  .meta({ id: "Members" });
export type MembersNow = z.infer<typeof membersNow>;
/** A link is told once. `mailTo`: where it can be sent; null where to nobody, or by no mail server. */
export const invited = z.object({ link: z.string(), mailTo: z.string().nullable() });
export const linkMailed = z.strictObject({ token: z.string().min(1).max(100) });
export const mailedTo = z.object({ to: z.string() });
/** A user name or an e-mail address. */
export const forgotten = z.object({ who: z.string().trim().min(1).max(200) });

/** Some of the audit log, newest first. */
export const auditPage = z.object({
  entries: z.array(
    z.object({
      seq: z.number(),
      at: z.number(),
      /** Null of whoever has not signed in. */
      userId: z.string().nullable(),
      name: z.string().nullable(),
      address: z.string().nullable(),
      method: z.string(),
      path: z.string(),
      detail: z.string().nullable(),
      status: z.number(),
    }),
  ),
  /** `before` of the next page; null at the end. */
  next: z.number().nullable(),
});

const signIn = z.object({ password: z.string(), rememberMe: z.boolean().optional() });
export const signInByName = signIn.extend({ username: z.string() });
export const signInByEmail = signIn.extend({ email: z.string() });
/** `to`: the page to come back to. */
export const signInElsewhere = z.object({ to: z.string() });
export const passwordChange = z.object({
  currentPassword: z.string(),
  newPassword: z.string(),
  /** Whether every other session ends. */
  revokeOtherSessions: z.boolean().optional(),
});

/** What turns a second step on or off, or makes new backup codes. */
export const passwordAgain = z.object({ password: z.string() });
export const appCode = z.object({
  code: z
    .string()
    .trim()
    .regex(/^\d{6}$/, "A code has 6 digits."),
});
export const backupCode = z.object({ code: z.string().trim().min(1).max(20) });
/** The secret as an authenticator app reads it, and codes for when that is lost. They are told once. */
export const secondStepBegun = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) });
export const newBackupCodes = secondStepBegun.pick({ backupCodes: true });

/** What a browser says of a passkey, which better-auth reads. */
const said = z.record(z.string(), z.unknown());
const passkeyName = z.string().trim().min(1, "Name the passkey.").max(60);
export const passkeyAsked = z.object({
  /** How the browser lists it: one's user name. */
  name: z.string().max(100),
});
export const newPasskey = z.object({ name: passkeyName, response: said });
export const passkeySignIn = z.object({ response: said });
export const passkeyRenamed = z.object({ id: z.string(), name: passkeyName });
export const passkeyRemoved = z.object({ id: z.string() });
export const ownPasskey = z
  .object({ id: z.string(), name: z.string().nullable(), createdAt: z.number().nullable() })
  .meta({ id: "Passkey" });
export type OwnPasskey = z.infer<typeof ownPasskey>;

export const tokenInput = z.strictObject({
  name: z.string().trim().min(1, "Name the token.").max(60),
  scopes: z.array(z.enum(scopes)).min(1, "Choose what it may do.").max(scopes.length),
  days: z.int().min(1).max(366).default(90),
});
export const ownToken = z
  .object({
    id: z.number(),
    name: z.string(),
    scopes: z.array(z.enum(permissions)),
    expiresAt: z.number(),
    usedAt: z.number().nullable(),
  })
  .meta({ id: "Token" });
export type OwnToken = z.infer<typeof ownToken>;
/** What the script sends is told once. */
export const madeToken = z.object({ token: z.string(), tokens: z.array(ownToken) });

export const ownSession = z
  .object({
    id: z.string(),
    current: z.boolean(),
    device: z.string().nullable(),
    address: z.string().nullable(),
    createdAt: z.number(),
    expiresAt: z.number(),
  })
  .meta({ id: "Session" });
export type OwnSession = z.infer<typeof ownSession>;
