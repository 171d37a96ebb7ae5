// Mails by a real server, and by ones that do not take them.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { inspect } from "node:util";
import { afterEach, expect, test, vi } from "vitest";
import { type MailServer, mailLogin, mailServer } from "../../test/mail-server";
import { freePort } from "../../test/server";
import { sendMail } from "./send-mail";

const mail = {
  to: "zoe@example.org",
  subject: "Größe – 大きさ",
  text: `Zoë, ${"long ".repeat(30)}\n\nhttps://team.test/join/abc`,
};
const from = "Workbench <workbench@example.org>";
const open: MailServer[] = [];

function by(address: string): void {
  vi.stubEnv("WORKBENCH_SMTP", address);
  vi.stubEnv("WORKBENCH_MAIL_FROM", from);
}

async function served(...given: Parameters<typeof mailServer>): Promise<MailServer> {
  const server = await mailServer(...given);
  open.push(server);
  by(server.address);
  return server;
}

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  await Promise.all(open.splice(0).map((server) => server.close()));
});

/** What is said, and that nothing in the error tells the password. */
async function refusal(): Promise<string> {
  const error: unknown = await sendMail(mail).then(
    () => null,
    (problem: unknown) => problem,
  );
  expect(error).toMatchObject({ status: 503 });
  const told = inspect(error, { depth: 20, showHidden: true });
  const secret = mailLogin.password;
  for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])
    expect(told).not.toContain(form);
  return (error as Error).message;
}

test("a mail arrives as it was written, in letters of all languages, from the address that is set", async () => {
  const { received } = await served();
  await sendMail(mail);
  expect(received).toEqual([{ from: "workbench@example.org", ...mail, to: [mail.to] }]);
});

test("a server that refuses user and password is named, and neither its answer nor the password is told", async () => {
  const { address, received } = await served();
  by(address.replace("workbench%40", "somebody%40"));
  expect(await refusal()).toMatch(
    /^No mail was sent to zoe@example\.org: 127\.0\.0\.1:\d+ refused the user and password .*535/,
  );
  expect(received).toEqual([]);
});

test("what a server says that does not take a mail is told, without a password that it quotes", async () => {
  await served({
    onRcptTo: (_, __, done) =>
      done(Object.assign(new Error(`over quota, ${mailLogin.password}`), { responseCode: 552 })),
  });
  expect(await refusal()).toMatch(/552 over quota, …/);
});

test("a server that is not there is an error with its cause", async () => {
  by(`smtp://a:b@127.0.0.1:${await freePort()}`);
  expect(await refusal()).toMatch(/ECONNREFUSED/);
});

test("a server elsewhere that has no TLS is told no password", async () => {
  const onAuth = vi.fn();
  await served({ disabledCommands: ["STARTTLS"], onAuth }, "127.0.0.2"); // of this machine, but not by its name
  expect(await refusal()).toMatch(/STARTTLS/i);
  expect(onAuth).not.toHaveBeenCalled();
});

test("a server that takes the connection and says nothing is given up", async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket)).listen(0, "127.0.0.1");
  await once(silent, "listening");
  by(`smtp://a:b@127.0.0.1:${(silent.address() as AddressInfo).port}`);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const said = refusal();
  await once(silent, "connection");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await said).toMatch(/greeting|seconds/i);
  for (const socket of sockets) socket.destroy();
  silent.close();
});

test("where no mail server is set, that is said", async () => {
  await expect(sendMail(mail)).rejects.toThrow(/WORKBENCH_SMTP/);
});
