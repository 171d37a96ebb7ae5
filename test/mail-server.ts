// A real mail server, smtp-server 3.21, that keeps what it is sent.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export const mailLogin = { user: "workbench@example.org", password: "p/w:@%ä secret" };

export interface Received {
  from: string;
  to: string[];
  subject: string;
  text: string;
}

export interface MailServer {
  /** With user and password, as WORKBENCH_SMTP has it. */
  address: string;
  received: Received[];
  close: () => Promise<void>;
}

/** It takes mail of whoever has that user and password. */
export async function mailServer(options: SMTPServerOptions = {}, host = "127.0.0.1"): Promise<MailServer> {
  const received: Received[] = [];
  const server = new SMTPServer({
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    onAuth: ({ username, password }, _, done) =>
      username === mailLogin.user && password === mailLogin.password
        ? done(null, { user: username })
        : done(Object.assign(new Error(`no, ${username} with ${password}`), { responseCode: 535 })),
    onData: (stream, { envelope }, done) => {
      void text(stream).then((message) => {
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        received.push({ from, to: envelope.rcptTo.map(({ address }) => address), ...read(message) });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => {}); // a client that leaves
  server.listen(0, host);
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  const [user, password] = [mailLogin.user, mailLogin.password].map(encodeURIComponent);
  return {
    address: `smtp://${user}:${password}@${host}:${port}`,
    received,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Of a message with one part, RFC 2045's encodings and RFC 2047's words. */
function read(message: string): { subject: string; text: string } {
  const [, head = "", body = ""] = /^(.*?)\r\n\r\n(.*)$/s.exec(message) ?? [];
  const field = (name: string) =>
    new RegExp(`^${name}: (.*)$`, "im").exec(head.replaceAll(/\r\n[ \t]+/g, " "))?.[1]?.trim() ?? "";
  return { subject: words(field("subject")), text: decoded(body, field("content-transfer-encoding")).trim() };
}

const words = (given: string): string =>
  given
    .replaceAll(/\?=\s+=\?/g, "?==?")
    .replaceAll(/=\?utf-8\?([BQ])\?(.*?)\?=/gi, (_, kind: string, said: string) =>
      decoded(
        kind.toUpperCase() === "Q" ? said.replaceAll("_", " ") : said,
        kind.toUpperCase() === "Q" ? "quoted-printable" : "base64",
      ),
    );

function decoded(given: string, encoding: string): string {
  if (encoding === "base64") return Buffer.from(given, "base64").toString("utf8").replaceAll("\r\n", "\n");
  if (encoding !== "quoted-printable") return given.replaceAll("\r\n", "\n");
  const bytes = given
    .replaceAll(/=\r\n/g, "")
    .replaceAll("\r\n", "\n")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
