// Mails of a team's workbench, by the server that WORKBENCH_SMTP names.
import "server-only";
import { createTransport } from "nodemailer";
import { type MailServer, mailServer } from "../../common/env";
import { isThisMachine } from "../../common/this-machine";
import { AppError } from "../../spec/errors";

export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** Milliseconds for any one step, and for all of it: a server may send a byte now and then. */
const patience = 10_000;
const longest = 30_000;

/** Throws a sentence with what the server said. */
export async function sendMail(mail: Mail): Promise<void> {
  const server = mailServer();
  if (server === null)
    throw new AppError(
      409,
      "This workbench sends no mail: set WORKBENCH_SMTP and WORKBENCH_MAIL_FROM (docs/setup.md).",
    );
  try {
    await inTime(transportTo(server).sendMail({ from: server.from, ...mail }));
  } catch (error) {
    // not the error itself as its cause: what a server answers may quote what it was sent
    throw new AppError(503, `No mail was sent to ${mail.to}: ${server.host}:${server.port} ${whyNot(error, server)}.`);
  }
}

/** A password goes by TLS alone, but on this machine, whose certificate is often nobody's. */
const transportTo = ({ host, port, secure, login }: MailServer) =>
  createTransport({
    ...{ host, port, secure, [isThisMachine(host) ? "ignoreTLS" : "requireTLS"]: true },
    ...(login && { auth: login }),
    ...{ connectionTimeout: patience, greetingTimeout: patience, socketTimeout: patience, dnsTimeout: patience },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no end within ${longest / 1000} seconds`)), longest);
    void work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function whyNot(error: unknown, { login }: MailServer): string {
  const { code, responseCode, message } = error as { code?: string; responseCode?: number; message: string };
  if (code === "EAUTH") return `refused the user and password of WORKBENCH_SMTP (${responseCode ?? "no reason given"})`;
  const said = login?.pass ? message.replaceAll(login.pass, "…") : message;
  return `did not take it (${said.replace(/\.$/, "")})`;
}
