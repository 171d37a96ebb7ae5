// Models at work on queues, one at a time: `workbench pairs` writes fresh pairs, `workbench score` scores those that are there. Each is a
// process of its own that ends with the server; the same request gives the same again, so one that was cut off is simply made again.
import type { Message } from "../../spec/chat";
import "server-only";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asc, eq } from "drizzle-orm";
import { dataFolder } from "../../common/env";
import { asTurns } from "../../common/rows/messages";
import { eachRow, promptRow, type Text } from "../../common/rows/rows";
import { AppError } from "../../spec/errors";
import { methodOf } from "../../spec/methods/all";
import { dataFile, withVersion } from "../datasets/data-files";
import { requireReadable } from "../datasets/require-readable";
import { appDb } from "../db/client";
import { items } from "../db/tables/items";
import { queues } from "../db/tables/queues";
import { asJob } from "../jobs/background";
import { commandArguments, startProgram } from "../jobs/spawn";
import { failure } from "../jobs/workbench";
import { log } from "../logging/log";
import { requireAllowedModel } from "../runs/allowed";
import { adapterFolder, requireRun } from "../runs/require-run";
import { fillOverEndpoints } from "./fill-over-endpoints";
import type { FillInput, FillState } from "./fill-schema";
import { isEndpoint } from "./writers";

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { filling?: FillState | null };

export const fillState = (): FillState | null => shared.filling ?? null;

export async function startFilling(input: FillInput, now: number): Promise<FillState> {
  const state = claim(input.queue);
  const about = { kind: "generation", title: `Responses for ${input.queue}`, href: "/datasets" } as const;
  try {
    if (isEndpoint(input.first) || isEndpoint(input.second)) {
      const work = fillOverEndpoints(input, await promptsOf(input));
      follow(state, about, work, []);
      return state;
    }
    const folder = scratchFolder();
    const [prompts, file] = [join(folder, `prompts-${now}.jsonl`), join(folder, `pairs-${now}.json`)];
    const config = configOf(input, prompts);
    writeFileSync(prompts, (await promptsOf(input)).map((prompt) => JSON.stringify({ prompt })).join("\n"));
    writeFileSync(file, JSON.stringify(config));
    begin(state, about, ["pairs", file, input.queue], [prompts, file], { question: input.question });
    return state;
  } catch (error) {
    shared.filling = null;
    throw error;
  }
}

function configOf(input: FillInput, prompts: string): object {
  const first = writerOf("first", input.first);
  const second = input.second === null ? null : writerOf("second", input.second);
  if (second && second.model !== first.model)
    throw new AppError(
      400,
      `Model A and model B must share one base model; these are ${first.model} and ${second.model}.`,
    );
  return {
    model: { source: first.model },
    adapter: first.adapter,
    against: second ? (second.adapter ?? "base") : null,
    prompts,
    samples: input.answers,
    maxNewTokens: input.longest,
    temperature: input.temperature,
  };
}

/** Has a reward run's model score both answers of a queue's pairs. */
export function startScoring(queueId: number, run: string): FillState {
  const queue = appDb().select().from(queues).where(eq(queues.id, queueId)).get();
  if (!queue) throw new AppError(404, `There is no dataset ${queueId}.`);
  const { model, adapter } = writerOf("run", `run:${run}`);
  if (methodOf(requireRun(run)).produces !== "reward-model")
    throw new AppError(400, `Run ${run} did not train a reward model; choose one that did.`);
  const state = claim(queue.name);
  const about = { kind: "scoring", title: `Scores of ${queue.name}`, href: `/datasets/${queueId}` } as const;
  begin(state, about, ["score", queue.name, model, adapter!], []);
  return state;
}

/** Takes the place of the one model that may be at work, before anything is waited for. */
function claim(queue: string): FillState {
  if (shared.filling?.running)
    throw new AppError(409, `A model is already working on ${shared.filling.queue}; wait until it has finished.`);
  shared.filling = { queue, said: "loading the model", running: true, error: null };
  return shared.filling;
}

/** Starts `workbench ARGUMENTS`, which reads `files`, as a job, and keeps the state up to date with what it says. */
function begin(
  state: FillState,
  about: Parameters<typeof asJob>[0],
  args: string[],
  files: string[],
  options = {},
): void {
  const work = async (said: (line: string) => void, cancelled: AbortSignal) => {
    const { child, ended } = startProgram("lib/cli.ts", commandArguments(args, options), { said });
    cancelled.addEventListener("abort", () => child.kill());
    child.stdout!.resume();
    const end = await ended;
    if (!cancelled.aborted && end.code !== 0) throw failure(args, end);
  };
  follow(state, about, work, files);
}

/** Does the work as a job, keeps the state up to date with what it says, and deletes `files` at its end. */
function follow(
  state: FillState,
  about: Parameters<typeof asJob>[0],
  work: (said: (line: string) => void, cancelled: AbortSignal) => Promise<void>,
  files: string[],
): void {
  const job = asJob(about, async (job) => {
    job.begins();
    const said = (line: string) => {
      state.said = line;
      job.says(line);
    };
    await work(said, job.cancelled).catch((error: unknown) => {
      if (!job.cancelled.aborted) throw error;
    });
    if (job.cancelled.aborted) throw new AppError(409, "Cancelled. What was done so far is kept.");
  });
  const ends = (error: Error | null) => {
    for (const file of files) rmSync(file, { force: true });
    if (error && !(error instanceof AppError && error.status !== 500)) log().error({ err: error }, about.title);
    Object.assign(state, { running: false, error: error?.message ?? null });
  };
  void job.then(() => ends(null), ends);
}

/** Where prompts and settings lie while a model reads them; what a killed server left there goes. */
function scratchFolder(): string {
  const folder = join(dataFolder(), "uploads");
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (/^(prompts|pairs)-\d+\.jsonl?$/.test(name)) rmSync(join(folder, name));
  return folder;
}

/** `field` is where the request names it. */
function writerOf(field: string, writer: string): { model: string; adapter: string | null } {
  const [kind, name] = [writer.slice(0, writer.indexOf(":")), writer.slice(writer.indexOf(":") + 1)];
  if (kind === "base") {
    requireAllowedModel(field, name);
    return { model: name, adapter: null };
  }
  const adapter = adapterFolder(name);
  if (!adapter) throw new AppError(400, `Run ${name} has saved no adapter; choose a finished run.`);
  return { model: requireRun(name).config.model.source, adapter };
}

const samples: Record<string, string> = {
  everyday: join("data", "samples", "prompts.jsonl"),
  "film-reviews": join("data", "samples", "film-reviews.jsonl.gz"),
};

/** Distinct prompts, in their order. */
async function promptsOf({ prompts, count }: FillInput): Promise<Message[][]> {
  requireReadable(prompts);
  const distinct = new Map<string, Message[]>();
  for await (const prompt of promptsIn(prompts)) {
    const messages = asTurns(prompt, "user");
    distinct.set(JSON.stringify(messages), messages);
    if (distinct.size === count) break;
  }
  if (distinct.size === 0) throw new AppError(400, "This dataset has no prompts yet.");
  return [...distinct.values()];
}

async function* promptsIn(source: string): AsyncGenerator<Text> {
  const [, kind, id] = /^(queue|labelled):(\d+)$/.exec(source) ?? [];
  if (kind === "queue") for (const { prompt } of promptsOfQueue(Number(id))) yield prompt;
  else
    for await (const row of eachRow(
      kind === "labelled" ? dataFile(await withVersion(source)) : sampleOf(source),
      promptRow,
    ))
      if ("value" in row) yield row.value.prompt;
}

function sampleOf(source: string): string {
  if (!Object.hasOwn(samples, source)) throw new AppError(400, `There is no prompt source ${source}.`);
  return samples[source]!;
}

const promptsOfQueue = (id: number) =>
  appDb().select({ prompt: items.prompt }).from(items).where(eq(items.queueId, id)).orderBy(asc(items.position)).all();
