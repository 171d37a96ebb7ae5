// Models that write fresh pairs into queues: `workbench pairs`, or requests to endpoints. The same request gives the same again, so one that was cut
// off is simply made again.
import type { Message } from "../../spec/chat";
import "server-only";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { asc, eq } from "drizzle-orm";
import { asTurns } from "../../common/rows/messages";
import { eachRow, promptRow, type Text } from "../../common/rows/rows";
import { AppError } from "../../spec/errors";
import { dataFile, withVersion } from "../datasets/data-files";
import { requireReadable } from "../datasets/require-readable";
import { appDb } from "../db/client";
import { items } from "../db/tables/items";
import { claim, follow, printed, release, scratchFolder, workLeft } from "./at-work";
import { fillByRequests } from "./fill-by-requests";
import type { FillInput, FillState } from "./fill-schema";
import { isEndpoint, weightsOf } from "./writers";

export async function startFilling(input: FillInput, now: number): Promise<FillState> {
  const { queue, question } = input;
  const state = claim(queue);
  const about = { kind: "generation", title: `Responses for ${queue}`, href: "/datasets", left: workLeft } as const;
  try {
    if (!shareBase(input)) {
      const work = fillByRequests(input, await promptsOf(input));
      follow(state, about, ({ says, cancelled }) => work(says, cancelled));
      return state;
    }
    const folder = scratchFolder();
    const [prompts, file] = [join(folder, `prompts-${now}.jsonl`), join(folder, `pairs-${now}.json`)];
    const config = configOf(input, prompts);
    writeFileSync(prompts, (await promptsOf(input)).map((prompt) => JSON.stringify({ prompt })).join("\n"));
    writeFileSync(file, JSON.stringify(config));
    const work = ["pairs", file, queue];
    follow(state, about, async (job) => void (await printed(work, job, { question })), [prompts, file]);
    return state;
  } catch (error) {
    release();
    throw error;
  }
}

/** Whether one program of this machine can write all of it. */
function shareBase({ first, second }: FillInput): boolean {
  if (isEndpoint(first) || isEndpoint(second)) return false;
  return second === null || weightsOf("first", first).model === weightsOf("second", second).model;
}

function configOf(input: FillInput, prompts: string): object {
  const first = weightsOf("first", input.first);
  const second = input.second === null ? null : weightsOf("second", input.second);
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
