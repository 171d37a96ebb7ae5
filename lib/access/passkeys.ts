// Passkeys: sign in by what unlocks a phone, a computer or a security key, without a password.
import "server-only";
import { isIP } from "node:net";
import { passkey } from "@better-auth/passkey";
import { APIError } from "better-auth/api";
import { desc, eq } from "drizzle-orm";
import { teamUrl } from "../../common/env";
import { appDb } from "../db/client";
import { passkeys } from "../db/tables/passkeys";
import type { OwnPasskey } from "./access-schema";
import { requirePassword } from "./members";

/** They belong to a domain name, which browsers want served by https, or to localhost. */
export const passkeysWork = (): boolean => {
  const host = teamUrl()?.hostname;
  return host !== undefined && isIP(host.replace(/^\[|\]$/g, "")) === 0;
};

/** A passkey is enough where it has asked for a finger, a face or a PIN: it stands for password and second step. */
function requireVerified(isVerified: boolean | undefined): void {
  if (!isVerified) throw new APIError("UNAUTHORIZED", { message: "The passkey has not asked who uses it." });
}

export const passkeyPlugin = (url: URL) =>
  passkey({
    rpID: url.hostname,
    rpName: `Alignment workbench (${url.host})`,
    origin: url.origin,
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    registration: {
      afterVerification: ({ verification, user }) => {
        requireVerified(verification.registrationInfo?.userVerified);
        requirePassword(user.id); // whom the team's provider lets in no more would come in by it
      },
    },
    authentication: {
      afterVerification: ({ verification }) => requireVerified(verification.authenticationInfo.userVerified),
    },
    schema: { passkey: { modelName: "passkeys" } },
  });

export const passkeysOf = (userId: string): OwnPasskey[] =>
  appDb()
    .select()
    .from(passkeys)
    .where(eq(passkeys.userId, userId))
    .orderBy(desc(passkeys.createdAt))
    .all()
    .map(({ id, name, createdAt }) => ({ id, name, createdAt: createdAt?.getTime() ?? null }));
