// A machine that is reached by shell commands: a queue in a folder, whose jobs run here.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
    /** What the loss of its node does to a job. */
    kill: (job: string) => process.kill(group(job), "SIGKILL"),
    /** Starts a job anew. */
    requeue: (job: string) =>
      execFileSync("sh", ["test/toy-queue/begin.sh"], { env: { ...process.env, QUEUE: queue, JOB: job } }),
  };
}
