// A model at work, one at a time: as a job of the menu, and where it is of this machine, in a process of its own that ends with the server.
import "server-only";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { dataFolder } from "../../common/env";
import { AppError } from "../../spec/errors";
import { asJob, type JobHandle } from "../jobs/background";
import type { BackgroundKind } from "../jobs/job-schema";
import { commandArguments, startProgram } from "../jobs/spawn";
import { failure } from "../jobs/workbench";
import { log } from "../logging/log";
import type { FillState } from "./fill-schema";

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { filling?: FillState | null };

export const fillState = (): FillState | null => shared.filling ?? null;

/** Takes the place of the one model that may be at work, before anything is waited for. */
export function claim(queue: string): FillState {
  if (shared.filling?.running)
    throw new AppError(409, `A model is already working on ${shared.filling.queue}; wait until it has finished.`);
  shared.filling = { queue, said: "loading the model", running: true, error: null };
  return shared.filling;
}

/** Gives the place back where nothing has begun after all. */
export function release(): void {
  shared.filling = null;
}

/** What is left of most work where somebody cancels it. */
export const workLeft = "What was done so far is kept.";

interface About {
  kind: BackgroundKind;
  title: string;
  href: string;
  /** What is left of it where somebody cancels it. */
  left: string;
}

/** Does the work as a job, keeps the state up to date with what it says, and deletes `files` at its end. */
export function follow(
  state: FillState,
  { left, ...about }: About,
  work: (job: JobHandle) => Promise<void>,
  files: string[] = [],
): void {
  const job = asJob(about, async (job) => {
    job.begins();
    const says = (line: string) => {
      state.said = line;
      job.says(line);
    };
    await work({ ...job, says }).catch((error: unknown) => {
      if (!job.cancelled.aborted) throw error;
    });
    if (job.cancelled.aborted) throw new AppError(409, `Cancelled. ${left}`);
  });
  const ends = (error: Error | null) => {
    for (const file of files) rmSync(file, { force: true });
    if (error && !(error instanceof AppError && error.status !== 500)) log().error({ err: error }, about.title);
    Object.assign(state, { running: false, error: error?.message ?? null });
  };
  void job.then(() => ends(null), ends);
}

/** What `workbench ARGUMENTS` prints; what it says meanwhile is the job's. */
export async function printed(args: string[], job: JobHandle, options = {}): Promise<string> {
  const { child, ended } = startProgram("lib/cli.ts", commandArguments(args, options), { said: job.says });
  job.cancelled.addEventListener("abort", () => child.kill());
  const [output, end] = await Promise.all([text(child.stdout!), ended]);
  if (end.code !== 0) throw failure(args, end);
  return output;
}

/** Where prompts and settings lie while a model reads them; what a killed server left there goes. */
export function scratchFolder(): string {
  const folder = join(dataFolder(), "uploads");
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder))
    if (/^(prompts|pairs|steps)-\d+\.jsonl?$/.test(name)) rmSync(join(folder, name));
  return folder;
}
