// A function in somebody's own file. The file is a program of its own, with limits, none of this process's secrets, and the run's folder to work in.
import { copyFileSync, existsSync, mkdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { fileHash } from "../../common/file-hash";
import { whenThereIsRoom } from "../../common/full-disk";
import { askThread } from "./waiting";

/** The run that a function works for. */
export interface FunctionRun {
  /** Its folder. */
  output: string;
  note(text: string): void;
}

/** What the function is for, as sentences about it say it. */
export interface Purpose {
  /** Of the function in the file. */
  name: "reward" | "step";
  noun: "reward function" | "environment";
  /** Where a run file sets its limits. */
  field: "function" | "environment";
  /** What it is called with, and what it gives for each. */
  of: "completions" | "conversations";
  gives: "rewards" | "steps";
  each: string;
}

interface Limits {
  file: string;
  /** Seconds, for a batch and for the file to be read. */
  timeout: number;
  /** MB. */
  memory: number;
}

type Outcome = { printed: string } & (
  | { line: string }
  | { slow: "load" | "batch" }
  | { memory: true }
  | { absent: string }
  | { exit: { code: number | null; signal: string | null } }
);

/** Calls the function with a batch of `count`, by name. What it gives for each is yet to be looked at; throws the rest of a sentence that begins with the file. */
export function ownFunction(
  limits: Limits,
  purpose: Purpose,
  { output, note }: FunctionRun,
): (batch: Record<string, unknown[]>, count: number) => unknown[] {
  const file = resolve(limits.file);
  requireOwnFile(limits.file, purpose.noun);
  const ask = askThread<{ version: string; batch: string }, Outcome>(
    join(import.meta.dirname, "function-worker.mjs"),
    programOf(file, limits, purpose, output),
  );
  const versions = createVersions(file, purpose, output, note);
  return (batch, count) => {
    if (!isFile(file)) throw new Error("is not there any more; put it back");
    const question = { version: versions(), batch: JSON.stringify(batch, plainNumbers) };
    const outcome = ask(question, 2 * limits.timeout * 1000 + graceMs);
    if (outcome?.printed) note(`${limits.file} printed: ${outcome.printed.trimEnd()}`);
    return resultsIn(outcome, limits, purpose, count);
  };
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

export function requireOwnFile(file: string, noun: Purpose["noun"]): void {
  if (!isFile(resolve(file))) throw new Error(`there is no ${noun} at ${resolve(file)}`);
}

/** The thread's own way to its end: it should have told by then. */
const graceMs = 10_000;

const isPython = (file: string) => extname(file) === ".py";

/** How the function's file is run. */
function programOf(file: string, { timeout, memory }: Limits, { name }: Purpose, output: string) {
  const runner = (name: string) => join(import.meta.dirname, name);
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const heap = `--max-old-space-size=${memory}`;
  const { PATH, HOME, LANG } = process.env;
  // libraries that begin a thread on every core would take the address space, and the cores that train
  const env = { PATH, HOME, LANG, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  return {
    ...(isPython(file)
      ? { command: "python3", args: ["-B", "-u", runner("run-function.py"), file, name, String(memory)] }
      : { command: process.execPath, args: [heap, "--import", loader, runner("run-function.mjs"), file, name] }),
    ...{
      cwd: resolve(output),
      env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    },
    ...{ timeoutMs: timeout * 1000, memory: memory * 2 ** 20 },
  };
}

/** What tells the file as it stands from what it was; each that is used is told, and kept in the run's folder by its hash. */
function createVersions(file: string, { noun }: Purpose, output: string, note: (text: string) => void): () => string {
  let known: string | null = null;
  return () => {
    const { mtimeMs, size, ino } = statSync(file);
    const version = [mtimeMs, size, ino].join();
    if (version === known) return version;
    const hash = fileHash(file);
    const folder = join(output, noun.replace(" ", "-"));
    whenThereIsRoom(() => mkdirSync(folder, { recursive: true }));
    const copy = join(folder, `${hash.slice(0, 12)}${extname(file)}`);
    if (!existsSync(copy)) whenThereIsRoom(() => copyFileSync(file, copy));
    note(`${noun} ${basename(file)}${known ? " has changed and is read anew" : ""}: SHA-256 ${hash}`);
    known = version;
    return version;
  };
}

/** The columns of rows as a function is passed them: a list with an entry for each, by name. All rows have the same columns. */
export function columnsByName(rows: { columns: Record<string, unknown> }[]): Record<string, unknown[]> {
  const names = Object.keys(rows[0]?.columns ?? {});
  return Object.fromEntries(names.map((name) => [name, rows.map(({ columns }) => columns[name] ?? null)]));
}

/** Whole numbers of 64 bits, which Parquet has. */
export const plainNumbers = (_: string, value: unknown) => (typeof value === "bigint" ? Number(value) : value);

const answer = z.union([
  z.strictObject({ results: z.array(z.unknown()) }),
  z.strictObject({ nothing: z.string() }),
  z.strictObject({ error: z.string(), line: z.number().nullable() }),
  z.strictObject({ memory: z.literal(true) }),
]);

/** Throws what is wrong with the outcome, as the rest of a sentence that begins with the file. */
function resultsIn(outcome: Outcome | null, limits: Limits, purpose: Purpose, count: number): unknown[] {
  const { timeout, memory, file } = limits;
  const { field, of, gives, each } = purpose;
  const beyond = `took more than its ${memory} MB of memory; give it more as ${field}.memory, or let it hold less`;
  if (outcome === null) throw new Error("hangs, and the thread that waits for it as well");
  if ("slow" in outcome)
    throw new Error(
      `${outcome.slow === "load" ? "was not loaded within" : `took more than`} ${timeout} s${outcome.slow === "load" ? "" : ` for ${count} ${of}`}; give it longer as ${field}.timeout, or look for what loops`,
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
    throw new Error(`ended its process ${signal ? `by ${signal}` : `with status ${code}`} instead of giving ${gives}`);
  }
  const said = answer.parse(JSON.parse(outcome.line));
  if ("memory" in said) throw new Error(beyond);
  if ("error" in said) throw new Error(`failed${said.line === null ? "" : ` at ${file}:${said.line}`}: ${said.error}`);
  if ("nothing" in said) throw new Error(`gave back ${said.nothing}; a list of ${each} is expected`);
  if (said.results.length !== count)
    throw new Error(`was given ${count} ${of} and gave back ${said.results.length} ${gives}`);
  return said.results;
}
