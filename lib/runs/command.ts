// The command line, run for the web process: what needs TensorFlow has a process of its own.
import "server-only";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { AppError, type Problem } from "../errors";

const patienceMs = 300_000;

export const commandLine = (...args: string[]): string[] => ["--import", "tsx", join("trainers", "cli.ts"), ...args];

/** Its standard output. Where it refuses, its words. */
export async function workbench(...args: string[]): Promise<string> {
  try {
    const options = { maxBuffer: 1 << 26, timeout: patienceMs };
    return (await promisify(execFile)(process.execPath, commandLine(...args), options)).stdout;
  } catch (error) {
    const { stdout, stderr, killed, code } = error as {
      stdout?: string;
      stderr?: string;
      killed?: boolean;
      code?: number;
    };
    if (killed) throw new AppError(400, `this took more than ${patienceMs / 1000} s; try fewer or shorter rows`);
    if (code === 2 && stdout) {
      const problem = JSON.parse(stdout) as Problem;
      throw new AppError(400, `${problem.path}: ${problem.message}`, { cause: error, problems: [problem] });
    }
    const words = (stderr ?? "").split("\n").filter((line) => line.trim() !== "");
    throw new AppError(400, words.at(-1) ?? String(error), { cause: error });
  }
}
