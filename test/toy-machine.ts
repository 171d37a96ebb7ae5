// A machine that is reached by shell commands: a queue in a folder, whose jobs run here.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineSettings } from "../spec/machines";

export function toyMachine() {
  const queue = mkdtempSync(join(tmpdir(), "workbench-queue-"));
  const command = (name: string) => `QUEUE='${queue}' sh test/toy-queue/${name}.sh`;
  const settings = machineSettings.parse({
    kind: "command",
    submit: command("submit"),
    state: command("state"),
    cancel: command("cancel"),
  });
  const group = (job: string) => -Number(readFileSync(join(queue, job, "pid"), "utf8"));
  return {
    settings,
    /** Jobs that are submitted from now on wait. */
    hold: () => writeFileSync(join(queue, "hold"), ""),
    lift: () => rmSync(join(queue, "hold"), { force: true }),
    /** From now on it does not answer what becomes of jobs, which go on. */
    cutOff: () => writeFileSync(join(queue, "down"), ""),
    /** From now on it takes jobs and cannot say so. */
    mute: () => writeFileSync(join(queue, "mute"), ""),
    answer: () => ["down", "mute"].forEach((name) => void rmSync(join(queue, name), { force: true })),
    jobs: () => readdirSync(queue).filter((name) => /^\d+$/.test(name)),
    /** The exit status of a job that has ended by itself. */
    statusOf: (job: string) => {
      const ended = join(queue, job, "ended");
      return existsSync(ended) ? Number(readFileSync(ended, "utf8")) : null;
    },
    /** What the loss of its node does to a job. */
    kill: (job: string) => process.kill(group(job), "SIGKILL"),
    /** Starts a job anew. */
    requeue: (job: string) =>
      execFileSync("sh", ["test/toy-queue/begin.sh"], { env: { ...process.env, QUEUE: queue, JOB: job } }),
  };
}
