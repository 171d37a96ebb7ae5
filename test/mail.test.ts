// Links by mail: to whom an owner says the address belongs, and to nobody else.
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { POST as askForLink } from "../app/api/auth/forgotten-password/route";
import { POST as signInAt } from "../app/api/auth/sign-in/username/route";
import { POST as setAddressOf } from "../app/api/team/[user]/email/route";
import { POST as newPassword } from "../app/api/team/[user]/password/route";
import { POST as mailAt } from "../app/api/team/invitations/mail/route";
import { POST as inviteAt } from "../app/api/team/route";
import { register } from "../instrumentation";
import { auditLog } from "../lib/access/audit";
import { invite } from "../lib/access/invitations";
import { join } from "../lib/access/join";
import { changeMember, membersNow } from "../lib/access/members";
import { appDb } from "../lib/db/client";
import { credentials, invitations, rateLimits, users } from "../lib/db/tables/accounts";
import { log } from "../lib/logging/log";
import { type MailServer, mailLogin, mailServer } from "./mail-server";
import { freePort } from "./server";
import { freshTeam, joined, origin, password, sent } from "./team";

let server: MailServer;
let owner: string;

beforeAll(async () => {
  freshTeam();
  owner = await joined("olga", "owner");
  server = await mailServer();
});
afterAll(() => server.close());
beforeEach(() => {
  appDb().delete(rateLimits).run();
  vi.stubEnv("WORKBENCH_SMTP", server.address);
  vi.stubEnv("WORKBENCH_MAIL_FROM", "workbench@example.org");
  server.received.length = 0;
});

const userNamed = (name: string) => appDb().select().from(users).where(eq(users.username, name)).get()!;
const linksFor = (name: string) =>
  appDb()
    .select()
    .from(invitations)
    .where(eq(invitations.userId, userNamed(name).id))
    .all();
const tokenOf = (link: string) => link.slice(link.lastIndexOf("/") + 1);
const asOwner = () => ({ cookie: owner });

interface Made {
  link: string;
  mailTo: string | null;
}
const invited = async (body: object): Promise<Made> =>
  (await (await inviteAt(sent("/api/team", body, asOwner()), undefined)).json()) as Made;
const passwordLink = async (name: string): Promise<Made> => {
  const { id } = userNamed(name);
  const answer = await newPassword(sent(`/api/team/${id}/password`, {}, asOwner()), {
    params: Promise.resolve({ user: id }),
  });
  return (await answer.json()) as Made;
};
const mailed = (link: string) =>
  mailAt(sent("/api/team/invitations/mail", { token: tokenOf(link) }, asOwner()), undefined);
const saidAddress = (name: string, email: string | null) => {
  const { id } = userNamed(name);
  return setAddressOf(sent(`/api/team/${id}/email`, { email }, asOwner()), { params: Promise.resolve({ user: id }) });
};
const forgotten = (who: string, headers: Record<string, string> = {}) =>
  askForLink(sent("/api/auth/forgotten-password", { who }, headers), undefined);
const chosen = (token: string, name: string, password: string) =>
  join({ token, username: name, password }, new Headers(), Date.now());
const signIn = async (username: string, password: string) =>
  (await signInAt(sent("/api/auth/sign-in/username", { username, password }), undefined)).status;
/** The token of the link that arrives next. */
const arriving = (count = 1): Promise<string> =>
  vi.waitFor(
    () => {
      expect(server.received).toHaveLength(count);
      const [link] = server.received[count - 1]!.text.split("\n").filter((line) => line.startsWith(`${origin}/join/`));
      return tokenOf(link!);
    },
    { timeout: 20_000 },
  );

/** Somebody with an account whose address an owner gave with the invitation. */
async function reachable(name: string): Promise<void> {
  const token = invite({ role: "annotator", email: `${name}@example.org`, createdBy: null, days: 1 }, Date.now());
  await join({ token, username: name, password }, new Headers(), Date.now());
}
/** Somebody who typed an address at joining. */
async function typed(name: string): Promise<void> {
  const token = invite({ role: "annotator", createdBy: null, days: 1 }, Date.now());
  await join({ token, username: name, email: `${name}@example.org`, password }, new Headers(), Date.now());
}

test("an owner's invitation goes to the address that it was made for, which is the account's then, whatever else was typed", async () => {
  const { link, mailTo } = await invited({ role: "viewer", email: "Ada@example.org" });
  expect(mailTo).toBe("ada@example.org");
  expect(await (await mailed(link)).json()).toEqual({ to: "ada@example.org" });
  const token = await arriving();
  expect(token).toBe(tokenOf(link));
  expect(server.received[0]).toMatchObject({ to: ["ada@example.org"], subject: "Your invitation to team.test" });
  await join({ token, username: "ada", email: "other@example.org", password }, new Headers(), Date.now());
  expect(userNamed("ada")).toMatchObject({ email: "ada@example.org", emailVerified: true });
  expect((await mailed(link)).status).toBe(404); // used
  expect(auditLog("/api/team/invitations/mail", Number.MAX_SAFE_INTEGER, 9).map(({ detail }) => detail)).toEqual([
    null,
    null,
  ]);
});

test("a link for a new password goes to an address that an owner has confirmed, not to one that was typed", async () => {
  await typed("bea");
  const { link, mailTo } = await passwordLink("bea");
  expect([mailTo, (await mailed(link)).status]).toEqual([null, 409]);
  const shown = () => membersNow(Date.now()).members.find(({ name }) => name === "bea");
  expect(shown()).toMatchObject({ email: "bea@example.org", emailConfirmed: false });
  expect((await saidAddress("bea", "bea@example.org")).status).toBe(200);
  expect(shown()).toMatchObject({ emailConfirmed: true });
  const again = await passwordLink("bea");
  expect(again.mailTo).toBe("bea@example.org");
  expect((await mailed(again.link)).status).toBe(200);
  await chosen(await arriving(), "bea", `${password}!`);
  expect([await signIn("bea", password), await signIn("bea", `${password}!`)]).toEqual([401, 200]);
});

test("an owner gives and takes away addresses, of which nobody has another's; one that is taken makes no account and uses no link", async () => {
  await typed("cyd");
  await typed("dan");
  const refused = await saidAddress("cyd", "Dan@example.org");
  expect([refused.status, await refused.json()]).toEqual([409, { error: expect.stringContaining("address of dan") }]);
  expect((await saidAddress("cyd", null)).status).toBe(200);
  expect(userNamed("cyd")).toMatchObject({ email: "cyd@workbench.invalid", emailVerified: false });
  const token = invite({ role: "viewer", createdBy: null, days: 1 }, Date.now());
  const asked = { token, username: "eve", password };
  await expect(join({ ...asked, email: "dan@example.org" }, new Headers(), Date.now())).rejects.toThrow(
    "dan@example.org",
  );
  expect((await join(asked, new Headers(), Date.now())).status).toBe(200);
});

test("whoever was invited by an address gets it, though somebody else had typed it", async () => {
  await typed("pat");
  const token = invite({ role: "viewer", email: "pat@example.org", createdBy: null, days: 1 }, Date.now());
  expect((await join({ token, username: "pat_really", password }, new Headers(), Date.now())).status).toBe(200);
  expect(userNamed("pat_really")).toMatchObject({ email: "pat@example.org", emailVerified: true });
  expect(userNamed("pat")).toMatchObject({ email: "pat@workbench.invalid", emailVerified: false });
  const again = invite({ role: "viewer", email: "pat@example.org", createdBy: null, days: 1 }, Date.now());
  await expect(join({ token: again, username: "pat_too", password }, new Headers(), Date.now())).rejects.toThrow(
    "pat@example.org is the address of an account already",
  );
});

test("whoever has forgotten a password gets a link, once, for an hour, in their language; other open links end with it", async () => {
  await reachable("fay");
  await reachable("gus");
  const older = tokenOf((await passwordLink("fay")).link);
  expect((await forgotten("Fay", { "accept-language": "de" })).status).toBe(200);
  const token = await arriving();
  expect(server.received[0]).toMatchObject({ to: ["fay@example.org"], subject: "Ein neues Passwort bei team.test" });
  const made = linksFor("fay").at(-1)!;
  expect(made.expiresAt - made.createdAt).toBe(3600_000);
  await chosen(token, "fay", `${password}!`);
  expect(await signIn("fay", `${password}!`)).toBe(200);
  for (const used of [token, older]) await expect(chosen(used, "fay", password)).rejects.toThrow(/link/);
  await forgotten("gus@example.org");
  await arriving(2);
  expect(server.received[1]).toMatchObject({ to: ["gus@example.org"], subject: "A new password at team.test" });
  appDb().update(users).set({ twoFactorEnabled: true }).where(eq(users.username, "gus")).run();
  await chosen(await arriving(2), "gus", `${password}!`);
  expect(userNamed("gus").twoFactorEnabled).toBe(true); // whoever reads the mail has not got the phone
});

test("who is unknown, has only typed an address, has no password or is deactivated is answered as who is known, and sent nothing", async () => {
  await reachable("hal");
  for (const name of ["ivy", "jon"]) await reachable(name);
  await typed("kim");
  changeMember(userNamed("ivy").id, { deactivated: true }, Date.now());
  appDb()
    .delete(credentials)
    .where(eq(credentials.userId, userNamed("jon").id))
    .run();
  const answers = [];
  for (const who of ["nobody", "nobody@example.org", "kim@example.org", "kim", "ivy", "jon", "hal"]) {
    appDb().delete(rateLimits).run();
    const answer = await forgotten(who);
    answers.push([answer.status, await answer.text(), [...answer.headers.keys()]]);
    expect(linksFor("hal")).toEqual([]); // nothing is done for anybody before the answer is out
  }
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  await arriving();
  expect(server.received[0]!.to).toEqual(["hal@example.org"]);
  for (const name of ["ivy", "jon", "kim"]) expect(linksFor(name)).toEqual([]);
});

test("from one address five tries a minute are answered, and an account gets three links an hour, from wherever they are asked for", async () => {
  await reachable("lea");
  const from = { "x-forwarded-for": "203.0.113.5" };
  const tries = [];
  for (let i = 0; i < 7; i++) tries.push((await forgotten("lea", from)).status);
  expect(tries).toEqual([200, 200, 200, 200, 200, 429, 429]);
  await reachable("max");
  expect((await forgotten("max", { "x-forwarded-for": "203.0.113.6" })).status).toBe(200); // asked for last
  await arriving(4);
  expect(linksFor("lea")).toHaveLength(3);
});

test("a mail server that fails is told to an owner with its cause, to whoever asks for a link not, and to no log with its password", async () => {
  await reachable("ned");
  vi.stubEnv("WORKBENCH_SMTP", server.address.replace(/:\d+$/, `:${await freePort()}`));
  const { link } = await passwordLink("ned");
  const refused = await mailed(link);
  expect([refused.status, await refused.json()]).toEqual([503, { error: expect.stringMatching(/ECONNREFUSED/) }]);
  const logged = vi.spyOn(log(), "error");
  expect((await forgotten("ned")).status).toBe(200);
  await vi.waitFor(() => expect(logged).toHaveBeenCalled(), { timeout: 20_000 });
  expect(JSON.stringify(logged.mock.calls)).not.toContain(mailLogin.password);
  logged.mockRestore();
});

test("without a mail server nobody is offered one, and links are handed on by hand as before", async () => {
  vi.stubEnv("WORKBENCH_SMTP", "");
  vi.stubEnv("WORKBENCH_MAIL_FROM", "");
  expect((await invited({ role: "viewer", email: "pia@example.org" })).mailTo).toBeNull();
  expect((await forgotten("olga")).status).toBe(409);
  vi.stubEnv("WORKBENCH_SMTP", "smtp://localhost");
  vi.stubEnv("NEXT_RUNTIME", "nodejs");
  await expect(register()).rejects.toThrow("set both, or none");
});
