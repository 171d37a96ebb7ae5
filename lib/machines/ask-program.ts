// A scheduler's own programs, asked.
import { execFile } from "node:child_process";
import { tellsOfOutage, Unreachable } from "./unreachable";

const patienceMs = 60_000;

/** Standard output. Throws what it says on standard error where it fails; Unreachable, where that may pass. */
export const askProgram = (program: string, args: string[], env: Record<string, string> = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...env }, timeout: patienceMs };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout.trim());
      const why = stderr.trim() || (error.killed ? `no answer in ${patienceMs / 1000} s` : error.message);
      const Failure = error.killed || tellsOfOutage(stderr) ? Unreachable : Error;
      reject(new Failure(`${program}: ${why}`, { cause: error }));
    });
  });
