// What a job does on the machine that its scheduler chose: `node --import tsx lib/machines/inside-job.ts RUN_FOLDER ATTEMPT NAME`. Starts the
// run's engine in its folder, and leaves there how it ended. Ends early where it is not, or no longer, the job that is to train the attempt.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { engines } from "../../spec/engines";
import { storedConfig } from "../../spec/stored-config";
import { startCommand } from "../jobs/spawn";
import { takeUp } from "./begun-before";
import { endFile, writeEnd } from "./job-end";
import { isReplaced, isUnwanted } from "./wanted-job";

const [folder, attemptText, name] = process.argv.slice(2); // scripts of an older version give no name
if (!folder || !attemptText)
  throw new Error("usage: node --import tsx lib/machines/inside-job.ts RUN_FOLDER ATTEMPT NAME");
const attempt = Number(attemptText);
const end = endFile(folder, attempt);

if (isUnwanted(folder, attempt, name)) process.exit(0);
rmSync(end, { force: true });
takeUp(folder, attempt);
const { engine } = storedConfig(JSON.parse(readFileSync(join(folder, "run.json"), "utf8")));
const { child, ended } = startCommand(engines[engine]!.command, [folder, attemptText], { isRun: true });
child.stdout!.resume();
child.stderr!.pipe(process.stderr);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
setInterval(() => isUnwanted(folder, attempt, name) && child.kill("SIGKILL"), 1000).unref();
const ending = await ended;
if (!isReplaced(folder, attempt, name)) writeEnd(end, ending);
process.exitCode = ending.code ?? 1;
