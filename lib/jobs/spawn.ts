// The one way to start a program of ours: a trainer, or the command line for what needs TensorFlow or takes long. Without a shell,
// in one process with TypeScript (tsx as a wrapper would end a busy child on the first signal), and behind the server in priority.
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { isNoise } from "../../scripts/noise.mjs";

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The last lines on standard error, without what TensorFlow says of itself. */
  words: string[];
}

export interface Started {
  child: ChildProcess;
  ended: Promise<Ended>;
}

interface Options {
  /** Gets each line on standard error, without what TensorFlow says of itself. */
  said?: (line: string) => void;
  /** A file that gets all of standard error. */
  log?: string;
  /** Gets what the child sends with `process.send`. */
  message?: (message: unknown) => void;
}

/** `nice`: a page or a vote never waits for mathematics. */
const niceness = 10;
const remembered = 20;

/** Starts `trainers/ENTRY ARGUMENTS`, which ends with this process. Standard output is a pipe that has to be read. */
export function startProgram(
  entry: "cli.ts" | "run.ts",
  args: string[],
  { said, log, message }: Options = {},
): Started {
  const node = [process.execPath, "--require", "./scripts/setup/follow-parent.cjs", "--import", "tsx"];
  const child = spawn("nice", ["-n", String(niceness), ...node, join("trainers", entry), ...args], {
    stdio: ["ignore", "pipe", "pipe", ...(message ? (["ipc"] as const) : [])],
  });
  if (message) child.on("message", message);
  if (log) child.stderr!.pipe(createWriteStream(log, { flags: "a" }));
  const words: string[] = [];
  createInterface({ input: child.stderr! }).on("line", (line) => {
    if (line.trim() === "" || isNoise(line)) return;
    words.push(line);
    if (words.length > remembered) words.shift();
    said?.(line);
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, words: [error.message] }));
    child.once("close", (code, signal) => resolve({ code, signal: signal as NodeJS.Signals | null, words }));
  });
  return { child, ended };
}

/** The arguments of a command: names that begin with a dash reach it as names. */
export const commandArguments = (
  [command, ...positionals]: string[],
  options: Record<string, string | string[]> = {},
): string[] => [
  command!,
  ...Object.entries(options).flatMap(([name, values]) => [values].flat().map((value) => `--${name}=${value}`)),
  "--",
  ...positionals,
];

/** How a program that did not finish came to its end, as a sentence. */
export function endWords({ code, signal, words }: Ended): string {
  if (signal) return `the program was ended by ${signal}`;
  const thrown = words.findLast((line) => /^\w*Error\b.*: /.test(line)); // of an error that nothing caught, stack and version follow
  return thrown ?? words.at(-1) ?? `the program ended with status ${code}`;
}
