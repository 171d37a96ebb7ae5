// Accounts, passwords, sessions and their rate limits: better-auth over app.db. Only where the workbench serves a team (WORKBENCH_URL).
import "server-only";
import { drizzleAdapter } from "@better-auth/drizzle-adapter";
import { betterAuth } from "better-auth";
import { parseCookies } from "better-auth/cookies";
import { twoFactor, username } from "better-auth/plugins";
import { teamUrl } from "../../common/env";
import { appDb } from "../db/client";
import { credentials, rateLimits, sessions, users, verifications } from "../db/tables/accounts";
import { passkeys } from "../db/tables/passkeys";
import { secondSteps } from "../db/tables/second-steps";
import { log } from "../logging/log";
import { secret } from "../secret";
import { shortestPassword } from "./access-schema";
import { forgottenPlugin } from "./forgotten";
import { noAccounts } from "./no-accounts";
import { passkeyPlugin } from "./passkeys";
import { isSecondLink, refuseLink, singleSignOnPlugin } from "./single-sign-on";

const day = 24 * 3600;

/** What a provider lets one ask it for: nothing that is asked here. */
const noTokens = { accessToken: null, refreshToken: null, idToken: null };

function create(url: URL) {
  return betterAuth({
    appName: "Alignment workbench",
    baseURL: url.origin,
    basePath: "/api/auth",
    secret: secret(),
    trustedOrigins: [url.origin],
    database: drizzleAdapter(appDb(), {
      provider: "sqlite",
      schema: { users, sessions, credentials, verifications, rateLimits, secondSteps, passkeys },
      transaction: false, // better-sqlite3's are synchronous
    }),
    user: {
      modelName: "users",
      additionalFields: {
        role: { type: "string", required: true, input: true },
        annotatorId: { type: "number", required: true, input: true },
        deactivatedAt: { type: "number", required: false, input: false },
      },
    },
    account: {
      ...{ modelName: "credentials", updateAccountOnSignIn: false },
      // By whoever is signed in to the account alone (linked.ts). The address of one with a password is what somebody typed: it links nothing.
      accountLinking: { enabled: true, disableImplicitLinking: true, allowDifferentEmails: true },
    },
    databaseHooks: {
      account: {
        create: {
          before: async (account) =>
            isSecondLink(account) ? refuseLink(account.userId) : { data: { ...account, ...noTokens } },
        },
        update: { before: async () => ({ data: noTokens }) }, // whoever is connected once more has an account already
      },
    },
    verification: { modelName: "verifications" },
    // Renewed once a day while it is used. Never kept in a cookie: what is revoked ends with the next request.
    session: { modelName: "sessions", expiresIn: 14 * day, updateAge: day, cookieCache: { enabled: false } },
    emailAndPassword: { enabled: true, minPasswordLength: shortestPassword, revokeSessionsOnPasswordReset: true },
    plugins: [
      username(),
      twoFactor({ issuer: url.host, schema: { twoFactor: { modelName: "secondSteps" } } }),
      passkeyPlugin(url),
      singleSignOnPlugin(),
      forgottenPlugin(),
    ],
    rateLimit: {
      enabled: true,
      storage: "database",
      modelName: "rateLimits",
      customRules: {
        "/sign-in/*": { window: 60, max: 10 },
        "/two-factor/*": { window: 60, max: 10 },
        "/passkey/*": { window: 60, max: 10 },
        "/change-password": { window: 60, max: 5 },
        "/forgotten-password": { window: 60, max: 5 },
      },
    },
    advanced: {
      cookiePrefix: "workbench",
      useSecureCookies: url.protocol === "https:",
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/" },
      // The server listens on this machine alone: whoever speaks to it from elsewhere came through the proxy, which says for whom.
      ipAddress: { ipAddressHeaders: ["x-forwarded-for"] },
    },
    telemetry: { enabled: false },
    logger: { log: (level, message) => log()[level === "error" ? "error" : "debug"](message) },
  });
}

type Auth = ReturnType<typeof create>;
const held = globalThis as { workbenchAuth?: Auth };

/** Null on one's own machine, where nobody signs in. */
export function teamAuth(): Auth | null {
  const url = teamUrl();
  if (url === null) return null;
  held.workbenchAuth ??= create(url);
  return held.workbenchAuth;
}

export function requireTeamAuth(): Auth {
  const auth = teamAuth();
  if (!auth) throw noAccounts();
  return auth;
}

/** Lets better-auth answer by itself, which counts tries. */
export const answeredByAuth = ({ url, headers }: Request, body: object): Promise<Response> =>
  requireTeamAuth().handler(new Request(url, { method: "POST", headers, body: JSON.stringify(body) }));

/** The same of what a browser follows or reads. */
export const passedToAuth = (request: Request): Promise<Response> => requireTeamAuth().handler(request);

/** What a cookie of better-auth says, without its signature; null where there is none. It is looked up, so that a forged one is nobody's. */
export async function cookieOf(headers: Headers, name: string): Promise<string | null> {
  const auth = teamAuth();
  if (auth === null) return null;
  const said = parseCookies(headers.get("cookie") ?? "").get((await auth.$context).createAuthCookie(name).name);
  return said?.split(".")[0] || null;
}
