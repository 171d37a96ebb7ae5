// `npm start -- --tls CERTIFICATE KEY`: TLS by files of one's own, for machines without a reverse proxy. It hands each request on to the
// server on 127.0.0.1 with the caller's address, and answers as it is answered, byte by byte.
import { readFileSync, watchFile } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import { pipeline } from "node:stream";
import { createSecureContext } from "node:tls";
import { SetupError } from "./report.mjs";

/** The files that the command line names; null where it names none. Refuses those that are no certificate with its key. */
export function tlsFiles(words) {
  const at = words.indexOf("--tls");
  if (at < 0) return null;
  const [certificate, key] = words.slice(at + 1, at + 3);
  if (!certificate || !key || [certificate, key].some((file) => file.startsWith("--")))
    throw new SetupError("--tls takes two files in PEM format: npm start -- --tls certificate.pem key.pem");
  if (!process.env.WORKBENCH_URL?.startsWith("https:"))
    throw new SetupError(
      "--tls needs the address that people open: WORKBENCH_URL=https://labels.example.org npm start -- --tls certificate.pem key.pem",
    );
  const files = { certificate, key };
  try {
    createSecureContext(read(files));
  } catch (error) {
    throw new SetupError(`${certificate} and ${key} cannot be used for TLS: ${error.message}`, { cause: error });
  }
  return files;
}

const read = ({ certificate, key }) => ({ cert: readFileSync(certificate), key: readFileSync(key) });

const lookMs = 60_000;

/** Listens on `port` for the server on `to`. A certificate that is renewed is taken up within a minute. */
export function serveTls(files, port, to, say) {
  const server = createServer(read(files), (asked, answer) => handOn(asked, answer, to));
  watchFile(files.certificate, { interval: lookMs, persistent: false }, () => {
    try {
      server.setSecureContext(read(files));
      say("TLS: the new certificate is in use");
    } catch (error) {
      say(`TLS: the new certificate cannot be used, so the old one stays: ${error.message}`);
    }
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new SetupError(`Port ${port} cannot be used for TLS (${error.code})`)));
    server.listen(port, () => resolve(server));
  });
}

function handOn(asked, answer, port) {
  const headers = { ...asked.headers, "x-forwarded-for": asked.socket.remoteAddress, "x-forwarded-proto": "https" };
  const onward = request({ host: "127.0.0.1", port, method: asked.method, path: asked.url, headers });
  onward.once("response", (answered) => {
    answer.writeHead(answered.statusCode, answered.rawHeaders);
    pipeline(answered, answer, () => {}); // either side hung up: there is nobody to tell
  });
  pipeline(asked, onward, (error) => {
    if (!error || answer.headersSent) return;
    answer.writeHead(502, { "content-type": "application/json" });
    answer.end(JSON.stringify({ error: "The server is being started again; try again in a moment." }));
  });
}
