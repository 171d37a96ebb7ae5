// A real OpenID Connect provider, oidc-provider 9.13, at which whoever types a name is that person.
import type { Server } from "node:http";
import Provider from "oidc-provider";

export const client = { id: "workbench", secret: "a secret of the test's own" };

export interface Oidc {
  issuer: string;
  close: () => void;
}

/** Of `unverified…` it does not know whether the address is theirs. It calls everybody an owner, which nobody asked it. */
const claimsOf = (name: string) => ({
  sub: name,
  email: `${name}@example.org`,
  email_verified: !name.startsWith("unverified"),
  preferred_username: name,
  role: "owner",
  annotatorId: 1,
});

/** `origin`: of the workbench. */
export async function oidcServer(port: number, origin: string): Promise<Oidc> {
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [`${origin}/api/auth/callback/sso`],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    claims: {
      openid: ["sub"],
      email: ["email", "email_verified"],
      profile: ["preferred_username", "role", "annotatorId"],
    },
    findAccount: (_, id) => ({ accountId: id, claims: () => claimsOf(id) }),
    pkce: { required: () => true },
  });
  const server = await new Promise<Server>((resolve) => {
    const listening = provider.listen(port, "127.0.0.1", () => resolve(listening));
  });
  return { issuer, close: () => void server.close() };
}
