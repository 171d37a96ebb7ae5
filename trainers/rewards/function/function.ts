// A reward function in somebody's own file, called as TRL 1.16 calls one: prompts, completions and the other columns of the rows by name, a number or
// nothing for each completion back. The file is a program of its own, with limits, none of this process's secrets, and the run's folder to work in.
import { copyFileSync, existsSync, mkdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { fileHash } from "../../../common/file-hash";
import { whenThereIsRoom } from "../../../common/full-disk";
import type { Message, Text } from "../../../spec/chat";
import type { RewardFunction } from "../../../spec/fields/rewards";
import { askThread } from "../waiting";

export interface ForFunction {
  prompt: Text;
  completion: string | Message[];
  ids: number[];
  /** The other columns of the prompt's row: the same names for every row of a run. */
  columns: Record<string, unknown>;
}

/** The run that a function scores for. */
export interface FunctionRun {
  /** Its folder. */
  output: string;
  note(text: string): void;
}

type Outcome = { printed: string } & (
  | { line: string }
  | { slow: "load" | "batch" }
  | { memory: true }
  | { absent: string }
  | { exit: { code: number | null; signal: string | null } }
);

/** How a run's log tells of a batch that scores 0 since its function failed (lib/runs/run-log.ts). */
export const scoredNothing = "scored 0:";

/** A number for each completion, null where the function abstains. Where it fails the run ends with a sentence, or the batch scores 0. */
export function rewardFunction(
  given: RewardFunction,
  { output, note }: FunctionRun,
): (asked: ForFunction[]) => (number | null)[] {
  const file = resolve(given.file);
  requireFunctionFile(given.file);
  const ask = askThread<{ version: string; batch: string }, Outcome>(
    join(import.meta.dirname, "function-worker.mjs"),
    programOf(file, given, output),
  );
  const versions = createVersions(file, output, note);
  return (asked) => {
    try {
      if (!isFile(file)) throw new Error("is not there any more; put it back");
      const question = { version: versions(), batch: JSON.stringify(batchOf(asked), plainNumbers) };
      const outcome = ask(question, 2 * given.timeout * 1000 + graceMs);
      if (outcome?.printed) note(`${given.file} printed: ${outcome.printed.trimEnd()}`);
      return rewardsIn(outcome, given, asked.length);
    } catch (cause) {
      const failure = new Error(`the reward function ${given.file} ${(cause as Error).message}`, { cause });
      if (given.onFailure === "stop") throw failure;
      note(`${scoredNothing} ${failure.message}`);
      return asked.map(() => 0);
    }
  };
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

export function requireFunctionFile(file: string): void {
  if (!isFile(resolve(file))) throw new Error(`there is no reward function at ${resolve(file)}`);
}

/** The thread's own way to its end: it should have told by then. */
const graceMs = 10_000;

const isPython = (file: string) => extname(file) === ".py";

/** How the function's file is run. */
function programOf(file: string, { timeout, memory }: RewardFunction, output: string) {
  const runner = (name: string) => join(import.meta.dirname, name);
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const heap = `--max-old-space-size=${memory}`;
  const { PATH, HOME, LANG } = process.env;
  // libraries that begin a thread on every core would take the address space, and the cores that train
  const env = { PATH, HOME, LANG, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  return {
    ...(isPython(file)
      ? { command: "python3", args: ["-B", "-u", runner("run-function.py"), file, String(memory)] }
      : { command: process.execPath, args: [heap, "--import", loader, runner("run-function.mjs"), file] }),
    ...{
      cwd: resolve(output),
      env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    },
    ...{ timeoutMs: timeout * 1000, memory: memory * 2 ** 20 },
  };
}

/** What tells the file as it stands from what it was; each that is used is told, and kept in the run's folder by its hash. */
function createVersions(file: string, output: string, note: (text: string) => void): () => string {
  let known: string | null = null;
  return () => {
    const { mtimeMs, size, ino } = statSync(file);
    const version = [mtimeMs, size, ino].join();
    if (version === known) return version;
    const hash = fileHash(file);
    const folder = join(output, "reward-function");
    whenThereIsRoom(() => mkdirSync(folder, { recursive: true }));
    const copy = join(folder, `${hash.slice(0, 12)}${extname(file)}`);
    if (!existsSync(copy)) whenThereIsRoom(() => copyFileSync(file, copy));
    note(`reward function ${basename(file)}${known ? " has changed and is read anew" : ""}: SHA-256 ${hash}`);
    known = version;
    return version;
  };
}

/** As TRL passes it, by name. */
function batchOf(asked: ForFunction[]) {
  const names = Object.keys(asked[0]?.columns ?? {});
  return {
    ...Object.fromEntries(names.map((name) => [name, asked.map(({ columns }) => columns[name] ?? null)])),
    prompts: asked.map(({ prompt }) => prompt),
    completions: asked.map(({ completion }) => completion),
    completion_ids: asked.map(({ ids }) => ids),
  };
}

/** Whole numbers of 64 bits, which Parquet has. */
const plainNumbers = (_: string, value: unknown) => (typeof value === "bigint" ? Number(value) : value);

const answer = z.union([
  z.strictObject({ rewards: z.array(z.union([z.number(), z.null(), z.strictObject({ wrong: z.string() })])) }),
  z.strictObject({ nothing: z.string() }),
  z.strictObject({ error: z.string(), line: z.number().nullable() }),
  z.strictObject({ memory: z.literal(true) }),
]);

/** Throws what is wrong with the outcome, as the rest of a sentence that begins with the file. */
function rewardsIn(outcome: Outcome | null, given: RewardFunction, count: number): (number | null)[] {
  const { timeout, memory, file } = given;
  const beyond = `took more than its ${memory} MB of memory; give it more as function.memory, or let it hold less`;
  if (outcome === null) throw new Error("hangs, and the thread that waits for it as well");
  if ("slow" in outcome)
    throw new Error(
      `${outcome.slow === "load" ? "was not loaded within" : `took more than`} ${timeout} s${outcome.slow === "load" ? "" : ` for ${count} completions`}; give it longer as function.timeout, or look for what loops`,
    );
  if ("memory" in outcome) throw new Error(beyond);
  if ("absent" in outcome)
    throw new Error(
      isPython(file)
        ? `needs Python, and there is no python3 on the PATH (${outcome.absent}): install it, or start the workbench where it is`
        : `was not started (${outcome.absent})`,
    );
  if ("exit" in outcome) {
    if (/heap out of memory/.test(outcome.printed)) throw new Error(beyond);
    const { code, signal } = outcome.exit;
    throw new Error(`ended its process ${signal ? `by ${signal}` : `with status ${code}`} instead of giving rewards`);
  }
  const said = answer.parse(JSON.parse(outcome.line));
  if ("memory" in said) throw new Error(beyond);
  if ("error" in said) throw new Error(`failed${said.line === null ? "" : ` at ${file}:${said.line}`}: ${said.error}`);
  if ("nothing" in said)
    throw new Error(`gave back ${said.nothing}; a list of a number for each completion is expected`);
  return checked(said.rewards, count);
}

function checked(rewards: (number | null | { wrong: string })[], count: number): (number | null)[] {
  if (rewards.length !== count)
    throw new Error(`was given ${count} completions and gave back ${rewards.length} rewards`);
  return rewards.map((reward, i) => {
    if (reward !== null && typeof reward === "object")
      throw new Error(`gave ${reward.wrong} for completion ${i + 1} of ${count}; a finite number is expected, or none`);
    return reward;
  });
}
