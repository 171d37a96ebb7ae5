// The script of a job: all that a scheduler starts, on a machine that has this workbench's folder and its data at the same paths.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "../../common/env";
import type { MachineSettings } from "../../spec/machines";
import { quoted } from "../../spec/shell";
import type { Job } from "./scheduler";

interface Attempt {
  runId: string;
  attempt: number;
}

/** Writes it into the run's folder. `nth`: of the attempt's submissions, each of which is a job of its own. */
export function writeScript(folder: string, { runId, attempt }: Attempt, settings: MachineSettings, nth: number): Job {
  const which = nth === 1 ? `${attempt}` : `${attempt}-${nth}`;
  const job = {
    name: `workbench-${runId}-${which}`,
    script: join(folder, `attempt-${which}.sh`),
    log: join(folder, `attempt-${attempt}.log`),
  };
  writeFileSync(job.script, textOf(job, folder, attempt, settings), { mode: 0o755 });
  return job;
}

const textOf = ({ name, log }: Job, folder: string, attempt: number, { setup, node }: MachineSettings) => `#!/bin/sh
# ${name}
exec >>${quoted(log)} 2>&1
cd ${quoted(process.cwd())} || exit 1
export WORKBENCH_DATA=${quoted(dataFolder())}
${setup}
exec ${node} --import tsx lib/machines/inside-job.ts ${quoted(folder)} ${attempt} ${name}
`;
