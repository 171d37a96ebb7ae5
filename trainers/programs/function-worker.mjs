// Keeps the program that a function of one's own runs in: starts it, hands it batches, and ends it with all that it started where it takes too long or too
// much memory. Each question is answered by what the program said, or how it ended; and by what it printed meanwhile.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import { answerWith } from "./answering.mjs";

const { command, args, cwd, env, timeoutMs, memory } = workerData;

/** Characters of a batch that the log gets. */
const mostPrinted = 4000;
const lookMs = 100;

let running = null;

answerWith(async ({ version, batch }) => {
  if (running?.version !== version) end();
  const unready = await started(version);
  const outcome = unready ?? (await said(batch));
  await wait(outcome.exit ? 50 : 1); // what was printed before may come after
  const printed = running?.printed ?? "";
  if (running) running.printed = "";
  if (unready || !("line" in outcome)) end();
  return { ...outcome, printed };
});

/** Null once the program is ready for batches. */
async function started(version) {
  if (running) return null;
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"],
  });
  const now = { version, child, printed: "", hear: () => {} };
  running = now;
  const print = (text) => {
    now.printed += text.slice(0, Math.max(0, mostPrinted - now.printed.length));
  };
  for (const pipe of [child.stdout, child.stderr]) pipe.setEncoding("utf8").on("data", print);
  for (const pipe of child.stdio) pipe?.on("error", () => {}); // of a program that has ended: its end is what is told
  createInterface(child.stdio[4]).on("line", (line) => now.hear({ line }));
  const gone = (outcome) => {
    now.gone ??= outcome; // also between two batches
    now.hear(outcome);
  };
  child.on("error", ({ code }) => gone({ absent: code }));
  child.on("exit", (code, signal) => gone({ exit: { code, signal } }));
  const first = await heard(now, "load");
  return /^\{"ready": ?true\}$/.test(first.line) ? null : first;
}

function said(batch) {
  const answer = heard(running, "batch");
  running.child.stdio[3].write(`${batch}\n`);
  return answer;
}

/** The next thing that is heard of the program, within the limits. */
async function heard(now, phase) {
  if (now.gone) return now.gone;
  const done = new AbortController();
  const next = new Promise((resolve) => {
    now.hear = resolve;
  });
  const slow = wait(timeoutMs, { slow: phase }, { signal: done.signal });
  const outcome = await Promise.race(
    [next, slow, tooLarge(now.child.pid, done.signal)].map((one) => one.catch(() => {})),
  );
  done.abort();
  return outcome;
}

/** Never, while the program holds less than its limit; where the system does not say, what it holds is not known. */
async function tooLarge(pid, signal) {
  for (;;) {
    await wait(lookMs, undefined, { signal });
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    const held = 1024 * Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0);
    if (held > memory) return { memory: true };
  }
}

function end() {
  if (!running) return;
  try {
    process.kill(-running.child.pid, "SIGKILL");
  } catch {} // it has ended
  running = null;
}
