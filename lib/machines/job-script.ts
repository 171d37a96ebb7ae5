// The script of a job: all that a scheduler starts, on a machine that has this workbench's folder and its data at the same paths.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "../../common/env";
import type { MachineSettings } from "../../spec/machines";
import type { Job } from "./scheduler";

/** As one word of a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

interface Attempt {
  runId: string;
  attempt: number;
}

/** Writes it into the run's folder. */
export function writeScript(folder: string, own: Attempt, { setup, node }: MachineSettings): Job {
  const [script, log] = ["sh", "log"].map((ending) => join(folder, `attempt-${own.attempt}.${ending}`)) as [
    string,
    string,
  ];
  writeFileSync(script, textOf(folder, own, { setup, node, log }), { mode: 0o755 });
  return { name: `workbench-${own.runId}-${own.attempt}`, script, log };
}

const textOf = (
  folder: string,
  { runId, attempt }: Attempt,
  { setup, node, log }: { setup: string; node: string; log: string },
) => `#!/bin/sh
# Attempt ${attempt} of run ${runId}
exec >>${quoted(log)} 2>&1
cd ${quoted(process.cwd())} || exit 1
export WORKBENCH_DATA=${quoted(dataFolder())}
${setup}
exec ${node} --import tsx lib/machines/inside-job.ts ${quoted(folder)} ${attempt}
`;
