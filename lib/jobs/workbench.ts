// The command line, run for the web process, and what its end means to who asked.
import "server-only";
import { buffer } from "node:stream/consumers";
import type { z } from "zod";
import { AppError, problem } from "../../spec/errors";
import type { JobHandle } from "./background";
import { takeSlot } from "./slots";
import { commandArguments, type Ended, type Entry, endWords, startProgram } from "./spawn";

/** What a program is given before it is ended. */
export const patienceMs = 300_000;

interface Options {
  /** Whose command it is. */
  entry?: Entry;
  options?: Record<string, string | string[]>;
  timeoutMs?: number;
  /** Whether it is one of a few that run at a time; what reads no model need not be. */
  takesSlot?: boolean;
  /** The job of the menu that it is. */
  job?: JobHandle;
  /** Aborted when whoever asked wants it no more; of a job, its own. */
  cancelled?: AbortSignal | undefined;
}

/** Standard output of `workbench COMMAND`, as text. */
export const workbench = async (args: string[], options: Options = {}): Promise<string> =>
  (await workbenchBytes(args, options)).toString("utf8");

export async function workbenchBytes(
  args: string[],
  {
    entry = "trainers/cli.ts",
    options = {},
    timeoutMs = patienceMs,
    takesSlot = true,
    job,
    cancelled = job?.cancelled,
  }: Options = {},
): Promise<Buffer<ArrayBuffer>> {
  const release = takesSlot
    ? await takeSlot(cancelled).catch((error) => {
        throw cancelled?.aborted ? cancelledError(job) : error;
      })
    : () => {};
  if (cancelled?.aborted) {
    release();
    throw cancelledError(job);
  }
  job?.begins();
  const { child, ended } = startProgram(entry, commandArguments(args, options), job ? { said: job.says } : {});
  cancelled?.addEventListener("abort", () => child.kill("SIGKILL"));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, timeoutMs);
  const [output, end] = await Promise.all([buffer(child.stdout!), ended]).finally(release);
  clearTimeout(timer);
  if (cancelled?.aborted) throw cancelledError(job);
  if (late)
    throw new AppError(503, `This took more than ${timeoutMs / 1000} s; try fewer or shorter rows.`, {
      cause: causeOf(args, end),
    });
  if (end.code !== 0) throw failure(args, end, output.toString("utf8"));
  return output;
}

const cancelledError = (job: JobHandle | undefined) =>
  new AppError(409, job ? "This was cancelled in the jobs menu." : "Whoever asked for this has gone on without it.");

/** The report that a command prints as JSON. */
export async function reportOf<Report>(
  schema: z.ZodType<Report>,
  ...asked: Parameters<typeof workbench>
): Promise<Report> {
  return readable(schema, await workbench(...asked), asked[0]);
}

/** The reports of a command that prints several, a line each. */
export async function reportsOf<Report>(
  schema: z.ZodType<Report>,
  ...asked: Parameters<typeof workbench>
): Promise<Report[]> {
  const lines = (await workbench(...asked)).trimEnd().split("\n");
  return lines.map((line) => readable(schema, line, asked[0]));
}

function readable<Report>(schema: z.ZodType<Report>, output: string, [command]: string[]): Report {
  try {
    return schema.parse(JSON.parse(output));
  } catch (cause) {
    const said = `workbench ${command} reported what this server cannot read: ${cause instanceof Error ? cause.message : cause}`;
    throw new AppError(500, said, { cause });
  }
}

/** Status 2 is a refusal of what was asked; any other end is a fault of ours, which the log explains. */
export function failure(args: string[], end: Ended, output = ""): AppError {
  const cause = causeOf(args, end);
  if (end.code !== 2) return new AppError(500, `This failed on the server: ${endWords(end)}`, { cause });
  if (!output) return new AppError(400, endWords(end), { cause });
  const { path, message } = problem.parse(JSON.parse(output.trimEnd().split("\n").at(-1)!));
  return new AppError(400, `${path}: ${message}`, { cause, problems: [{ path, message }] });
}

const causeOf = (args: string[], { code, signal, words }: Ended) =>
  new Error(`workbench ${args.join(" ")} ended with ${signal ?? `status ${code}`}:\n${words.join("\n")}`);
