// Child processes of the set-up: never through a shell, always with the whole output at hand when one fails.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "./report.mjs";

/** The first of these programs that is on PATH, as its path; undefined where none is. */
export const onPath = (...names) =>
  names
    .flatMap((name) => (process.env.PATH ?? "").split(":").map((folder) => join(folder, name)))
    .find((path) => existsSync(path));

/** Runs a command to its end and returns its standard output. `show` lets the user watch it (a download's progress bar). */
export function run(command, args, { cwd, env, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ["ignore", show ? 2 : "pipe", "pipe"] });
    let output = "";
    let all = "";
    child.stdout?.on("data", (chunk) => {
      output += chunk;
      all += chunk;
    });
    child.stderr.on("data", (chunk) => {
      all += chunk;
      if (show) process.stderr.write(chunk);
    });
    child.on("error", (error) => reject(new SetupError(`Cannot run ${command}: ${error.message}`, { cause: error })));
    child.on("close", (code) => {
      if (code === 0) return resolve(output);
      const tail = all.trim().split("\n").slice(-12).join("\n    ");
      reject(new SetupError(`${command} ${args.slice(0, 4).join(" ")} … failed with status ${code}:\n    ${tail}`));
    });
  });
}

export async function succeeds(command, args) {
  return run(command, args).then(
    () => true,
    () => false,
  );
}
