// One trainer process: spawned without a shell, asked to stop with SIGTERM, its end turned into the run's next status.
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { runFolder } from "../env";
import { getRun } from "../runs/store";
import { tell } from "../webhook";
import { beat, beatMs, type Claim, recordPid, release } from "./claim";

const saved = 3; // trainers/run.ts: stopped after saving
const maxAttempts = 3;
const graceMs = 300_000; // an update of PPO on a real model is saved whole, and takes a minute

export interface Trainer {
  /** Asks it to save and end, and kills it where it does not. */
  stop(): void;
  ended: Promise<void>;
}

/** `shuttingDown` tells a stop that the user asked for from one that the next start is to resume. */
export function spawnTrainer({ run, attempt }: Claim, shuttingDown: () => boolean): Trainer {
  const folder = runFolder(run.id);
  mkdirSync(folder, { recursive: true });
  // In one process with TypeScript: tsx as a wrapper would end a busy trainer on the first signal, unsaved.
  const child = spawn(process.execPath, ["--import", "tsx", join("trainers", "run.ts"), run.id, String(attempt)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (child.pid) recordPid(run.id, attempt, child.pid);
  const errors = lastLines(child, join(folder, `attempt-${attempt}.log`));
  let asked = false;

  const stop = () => {
    if (asked) return;
    asked = true;
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), graceMs).unref();
  };
  const pulse = setInterval(() => {
    if (!beat(run.id, attempt, Date.now())) child.kill("SIGKILL");
  }, beatMs);
  const watch = setInterval(() => getRun(run.id)?.requested === "stop" && stop(), 500);

  const ended = new Promise<void>((resolve) => {
    const close = (code: number | null, signal: string | null) => {
      clearInterval(pulse);
      clearInterval(watch);
      const { status, error } = outcome(code, signal, errors(), shuttingDown(), attempt);
      release({ runId: run.id, attempt, now: Date.now(), status, error });
      if (status !== "queued")
        void tell({
          text: `${run.name} ${status}${error ? `: ${error}` : ""}`,
          run: { id: run.id, name: run.name },
          kind: status,
        });
      resolve();
    };
    child.once("error", (error) => close(1, error.message));
    child.once("close", close);
  });
  return { stop, ended };
}

function outcome(
  code: number | null,
  signal: string | null,
  errors: string,
  shuttingDown: boolean,
  attempt: number,
): { status: "finished" | "stopped" | "queued" | "failed"; error: string | null } {
  if (code === 0) return { status: "finished", error: null };
  if (shuttingDown) return { status: "queued", error: null };
  if (code === saved) return { status: "stopped", error: null };
  const killed = signal === "SIGKILL" || code === 137;
  if (killed && attempt < maxAttempts) return { status: "queued", error: null };
  return {
    status: "failed",
    error:
      errors ||
      (killed
        ? "the trainer was killed; if memory ran out, halve the batch or the longest row"
        : `the trainer ended with status ${code ?? signal}`),
  };
}

/** Copies standard error to a file and remembers its last words. */
function lastLines(child: ChildProcess, path: string): () => string {
  const file = createWriteStream(path);
  let tail = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    file.write(chunk);
    tail = `${tail}${chunk}`.slice(-4000);
  });
  const noise = /^(WARNING: All log|[IW]\d{4} |.*node-pre-gyp|npm warn)/;
  return () =>
    tail
      .split("\n")
      .filter((line) => line.trim() && !noise.test(line))
      .slice(-3)
      .join("\n");
}
