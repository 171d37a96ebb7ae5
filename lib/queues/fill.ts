// Fresh pairs for a queue: `workbench pairs` as a process of its own. The same request writes the same pairs, so one that was cut off by a
// restart is simply made again.
import "server-only";
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import { readRows, text } from "../../trainers/data/rows";
import type { Message } from "../../trainers/models/tokenizer";
import { appDb } from "../db/client";
import { items } from "../db/schema";
import { dataFolder } from "../env";
import { AppError } from "../errors";
import { adapterFolder, modelOfRun } from "../runs/queries";
import type { FillInput, FillState } from "./fill-schema";

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { filling?: FillState | null };

export const fillState = (): FillState | null => shared.filling ?? null;

export async function startFilling(input: FillInput, now: number): Promise<FillState> {
  if (shared.filling?.running)
    throw new AppError(409, `Pairs for ${shared.filling.queue} are being written; wait for them.`);
  const [first, second] = [input.first, input.second].map((writer) => (writer === null ? null : writerOf(writer)));
  if (second && second.model !== first!.model)
    throw new AppError(400, `Both answers have to come from one model; these are ${first!.model} and ${second.model}.`);
  const folder = join(dataFolder(), "uploads");
  mkdirSync(folder, { recursive: true });
  const [prompts, file] = [join(folder, `prompts-${now}.jsonl`), join(folder, `pairs-${now}.json`)];
  writeFileSync(prompts, (await promptsOf(input)).map((prompt) => JSON.stringify({ prompt })).join("\n"));
  const config = {
    model: { source: first!.model },
    adapter: first!.adapter,
    against: second ? (second.adapter ?? "base") : null,
    prompts,
    maxNewTokens: input.longest,
    temperature: input.temperature,
  };
  writeFileSync(file, JSON.stringify(config));
  shared.filling = { queue: input.queue, said: "loading the model", running: true, error: null };
  follow(shared.filling, file);
  return shared.filling;
}

/** Keeps the state up to date with what the process says. */
function follow(state: FillState, file: string): void {
  const command = ["--import", "tsx", join("trainers", "cli.ts"), "pairs", file, state.queue];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "ignore", "pipe"] });
  createInterface({ input: child.stderr }).on("line", (line) => {
    if (!/^(WARNING: All log|[IW]\d{4} )/.test(line)) state.said = line;
  });
  const end = (error: string | null) => Object.assign(state, { running: false, error });
  child.once("error", (error) => end(error.message));
  child.once("close", (code) => end(code === 0 ? null : state.said));
}

function writerOf(writer: string): { model: string; adapter: string | null } {
  const [kind, name] = [writer.slice(0, writer.indexOf(":")), writer.slice(writer.indexOf(":") + 1)];
  if (kind === "base") return { model: name, adapter: null };
  const adapter = adapterFolder(name);
  if (!adapter) throw new AppError(400, `Run ${name} has left no adapter behind; pick a finished one.`);
  return { model: modelOfRun(name), adapter };
}

const samples: Record<string, string> = {
  everyday: join("data", "samples", "prompts.jsonl"),
  "film-reviews": join("data", "samples", "film-reviews.jsonl.gz"),
};

/** Distinct prompts, in their order. */
async function promptsOf({ prompts, count }: FillInput): Promise<Message[][]> {
  const queue = /^queue:(\d+)$/.exec(prompts)?.[1];
  const path = samples[prompts];
  if (!queue && !path) throw new AppError(400, `There are no prompts ${prompts}.`);
  const all = queue ? promptsOfQueue(Number(queue)) : (await readRows(path!, z.object({ prompt: text }))).good;
  const distinct = new Map(
    all.map(({ prompt }) => {
      const messages = typeof prompt === "string" ? [{ role: "user", content: prompt }] : prompt;
      return [JSON.stringify(messages), messages];
    }),
  );
  if (distinct.size === 0) throw new AppError(400, "This queue has no prompts yet.");
  return [...distinct.values()].slice(0, count);
}

const promptsOfQueue = (id: number) =>
  appDb().select({ prompt: items.prompt }).from(items).where(eq(items.queueId, id)).orderBy(asc(items.position)).all();
