// The one way to start a program: a run's engine, or the command line for what needs TensorFlow or takes long. Without a shell,
// in one process with what it is written in (tsx as a wrapper would end a busy child on the first signal), and behind the server in priority.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { isNoise } from "../../scripts/noise.mjs";
import { log as ownLog } from "../logging/log";

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
  /** What goes on for long with nobody waiting for it: a run. */
  isRun?: boolean;
  /** The processors that it may use, as taskset takes them: null is all. */
  processors?: string | null;
  /** What its environment has beside this process's own. */
  env?: Record<string, string>;
}

/**
 * A page or a vote never waits for mathematics, and what somebody has asked for not for a run. Under Linux's policy for idle work whoever wakes
 * has the processor at once; the nicest program keeps it for the milliseconds of its slice, and a request waits for that many times.
 */
const behind = (isRun: boolean): string[] =>
  isRun && knowsIdle() ? ["chrt", "--idle", "0"] : ["nice", "-n", isRun ? "19" : "10"];
let idle: boolean | undefined;
function knowsIdle(): boolean {
  idle ??= spawnSync("chrt", ["--idle", "0", "true"]).status === 0; // not on a Mac
  return idle;
}

const remembered = 20;

export type Entry = "trainers/cli.ts" | "lib/cli.ts";

/** Starts `ENTRY ARGUMENTS`, which ends with this process. Standard output is a pipe that has to be read. */
export const startProgram = (entry: Entry, args: string[], options: Options = {}): Started =>
  startCommand(["node", "--require", "./scripts/setup/follow-parent.cjs", "scripts/program.mjs", entry], args, options);

/** The same for any command; `node` is the Node that this process runs on. */
export function startCommand(
  command: readonly string[],
  args: string[],
  { said, log, isRun = false, processors = null, env = {} }: Options = {},
): Started {
  const words = command.map((word, i) => (i === 0 && word === "node" ? process.execPath : word));
  const where = processors === null ? [] : ["taskset", "--cpu-list", processors];
  const [first, ...more] = [...behind(isRun), ...where, ...words, ...args] as [string, ...string[]];
  const child = spawn(first, more, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  if (log) child.stderr!.pipe(logFile(log));
  const last: string[] = [];
  createInterface({ input: child.stderr! }).on("line", (line) => {
    if (line.trim() === "" || isNoise(line)) return;
    last.push(line);
    if (last.length > remembered) last.shift();
    said?.(line);
    ownLog().debug({ program: args[0] }, line);
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, words: [error.message] }));
    child.once("close", (code, signal) => resolve({ code, signal: signal as NodeJS.Signals | null, words: last }));
  });
  return { child, ended };
}

/** A log that cannot be written, on a full disk mostly, ends nothing. */
const logFile = (path: string) =>
  createWriteStream(path, { flags: "a" }).on("error", (error) =>
    ownLog().error({ err: error }, `${path} is not written`),
  );

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
