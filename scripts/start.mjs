// `npm start`: sets up what is missing, then serves. Ctrl-C stops all of it; a run in hand is saved and goes on at the next start.
// `npm run dev`: the same without a build; pages and runner are loaded anew when their source changes.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { build } from "./setup/build.mjs";
import { database, program, typescript } from "./setup/database.mjs";
import { keepRunning } from "./setup/keep-running.mjs";
import { takeLock } from "./setup/lock.mjs";
import { smollm2 } from "./setup/models.mjs";
import { native } from "./setup/native.mjs";
import { nativeOps } from "./setup/native-ops.mjs";
import { packages } from "./setup/packages.mjs";
import { local, root } from "./setup/paths.mjs";
import { replicaCommand, replicaPlace, requireNoCopy } from "./setup/replica.mjs";
import { fail, line, SetupError, stage } from "./setup/report.mjs";
import { sqlite } from "./setup/sqlite.mjs";
import { logLine } from "./setup/start-log.mjs";
import { serveTls, tlsFiles } from "./setup/tls.mjs";

const dev = process.argv.includes("--dev");
const port = Number(process.env.PORT || 3000);
const mostPort = 65_535;
const follow = join(root, "scripts", "setup", "follow-parent.cjs");
const url = `http://127.0.0.1:${port}`;
const runner = "lib/runner/main.ts";

/** Where a part is not to be had, the rest still serves: says why and how to get it. */
async function optional(name, work, without) {
  await stage(name, work).catch((error) => {
    if (!(error instanceof SetupError)) throw error;
    line("!", name, `${error.message} ${without}`);
  });
}

function requireFreePort() {
  if (!Number.isInteger(port) || port < 1 || port > mostPort)
    throw new SetupError(
      `PORT is ${process.env.PORT}, which is no port; give a number from 1 to ${mostPort}: PORT=3001 npm start`,
    );
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error) => {
      const why = error.code === "EADDRINUSE" ? "is in use by another program" : `cannot be used (${error.code})`;
      reject(new SetupError(`Port ${port} ${why}; choose another: PORT=${port + 1} npm start`));
    });
    probe.listen(port, "127.0.0.1", () => probe.close(resolve));
  });
}

const httpsPort = 443;
const replicaGraceMs = 30_000;

/** Asks it to write what is left. */
async function ended(child) {
  child.kill("SIGTERM");
  await Promise.race([child.ended, wait(replicaGraceMs)]);
  child.kill("SIGKILL");
}

/** `owner`: the link by which a team's first owner joins; `tls`: the files to serve it with; `copying`: the command that copies the databases, or null. */
async function serve(owner, tls, copying) {
  const env = { ...process.env, NODE_ENV: dev ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" };
  const launch = ([command, ...args], hear = (stream) => stream.pipe(process.stderr, { end: false })) => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    child.once("error", ({ message }) => logLine(`${command} cannot be started: ${message}`)); // its close follows
    for (const stream of [child.stdout, child.stderr]) hear(stream);
    child.ended = new Promise((resolve) => child.once("close", resolve));
    return child;
  };
  const start = (name, words) =>
    keepRunning(name, () => launch(words), {
      say: logLine,
      giveUp(words) {
        logLine(words);
        void close(1);
      },
    });
  const node = (...args) => [process.execPath, "--require", follow, ...args];
  const webGraceMs = 3000;
  // Longer than a proxy keeps an idle connection (Caddy: 2 minutes): else it sends a request now and then just as this side closes, and answers 502.
  const keepAliveMs = 150_000;
  let closing = false;
  const parts = [
    start(
      "web",
      node(
        ...[join("node_modules", "next", "dist", "bin", "next"), dev ? "dev" : "start"],
        ...["-H", "127.0.0.1", "-p", String(port)],
        ...(dev ? [] : ["--keepAliveTimeout", String(keepAliveMs)]),
      ),
    ),
    start("runner", node(...(dev ? ["--watch", ...typescript, runner] : program(runner)))),
  ];
  // Without it people can work on; what keeps it from its work is said, and it is tried again for ever.
  const lines = (stream) => createInterface({ input: stream }).on("line", (text) => logLine(`replica: ${text}`));
  const replica = copying && keepRunning("replica", () => launch(copying, lines), { say: logLine, giveUp: null });

  async function close(status) {
    if (closing) return;
    closing = true;
    process.stderr.write("\n  Stopping; a run in hand is saved first.\n");
    for (const part of parts) part.leave();
    replica?.leave();
    const children = parts.map((part) => part.current());
    for (const child of children) child.kill("SIGTERM");
    // A page that follows a run never hangs up by itself; what the server has acknowledged is in the database.
    setTimeout(() => children[0].kill("SIGKILL"), webGraceMs).unref();
    await Promise.race([Promise.all(children.map((child) => child.ended)), wait(310_000)]);
    for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    if (replica) await ended(replica.current()); // with what the others wrote last
    process.exit(status);
  }
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => void close(0));

  for (let tries = 0; tries < 300; tries++) {
    if (
      await fetch(`${url}/api/health`).then(
        (answer) => answer.ok,
        () => false,
      )
    ) {
      const team = process.env.WORKBENCH_URL;
      if (tls) await serveTls(tls, Number(new URL(team).port || httpsPort), port, logLine);
      const served = team ? `${team} (${tls ? "with TLS" : "behind a proxy"} to ${url})` : url;
      process.stderr.write(`\n  Alignment workbench: ${served}\n  Ctrl-C stops it.\n\n`);
      if (owner) process.stderr.write(`  Become its owner, within a day: ${owner}\n\n`);
      return;
    }
    await wait(100);
  }
  process.stderr.write("The server did not answer within 30 s.\n");
  await close(1);
}

try {
  if (process.argv.includes("--team") && !process.env.WORKBENCH_URL)
    throw new SetupError(
      "A team needs the address that its people open: WORKBENCH_URL=https://labels.example.org npm start -- --team",
    );
  const tls = tlsFiles(process.argv);
  takeLock(url);
  await requireFreePort();
  await stage("packages", packages);
  await stage("SQLite", sqlite);
  await optional("TensorFlow", native, "Until then runs cannot train; annotation works.");
  await stage("own ops", nativeOps);
  await optional("model", smollm2, "Until then only the tiny model can be trained.");
  let owner;
  const place = replicaPlace();
  if (place && !existsSync(join(local, "app.db"))) await requireNoCopy(place, local, () => {});
  await stage("database", () => database((link) => (owner = link)));
  let copying = null;
  if (place)
    await stage("replica", async (say) => {
      copying = await replicaCommand(place, local, say);
      return `copied to ${place}`;
    });
  if (!dev) await stage("app", build);
  await serve(owner, tls, copying);
} catch (error) {
  fail(error);
}
