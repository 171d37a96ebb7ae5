// What a job does on the machine that its scheduler chose: `node --import tsx lib/machines/inside-job.ts RUN_FOLDER ATTEMPT`. Starts the run's
// engine in its folder, and leaves there how it ended. Ends early where it was cancelled before it began, or the run has a
// newer attempt: then the runner never learnt of this job.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { engines } from "../../spec/engines";
import { attemptFile } from "../../spec/events";
import { storedConfig } from "../../spec/stored-config";
import { startCommand } from "../jobs/spawn";
import { takeUp } from "./begun-before";
import { cancelledFile, endFile, writeEnd } from "./job-end";

const [folder, attemptText] = process.argv.slice(2);
if (!folder || !attemptText) throw new Error("usage: node --import tsx lib/machines/inside-job.ts RUN_FOLDER ATTEMPT");
const attempt = Number(attemptText);
const end = endFile(folder, attempt);
const isUnwanted = () =>
  existsSync(join(folder, attemptFile(attempt + 1))) || existsSync(cancelledFile(folder, attempt));

if (isUnwanted()) process.exit(0);
rmSync(end, { force: true });
takeUp(folder, attempt);
const { engine } = storedConfig(JSON.parse(readFileSync(join(folder, "run.json"), "utf8")));
const { child, ended } = startCommand(engines[engine]!.command, [folder, attemptText], { isRun: true });
child.stdout!.resume();
child.stderr!.pipe(process.stderr);
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => child.kill(name));
setInterval(() => isUnwanted() && child.kill("SIGKILL"), 1000).unref();
const ending = await ended;
writeEnd(end, ending);
process.exitCode = ending.code ?? 1;
