// Chat with a run's policy, alone or beside its base model or another run. Blind, the sides are random for each exchange and revealed after
// the vote, which is stored in a dataset like any other.
import { chatLine } from "../../spec/chat";
import "server-only";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { isDeepStrictEqual } from "node:util";
import { and, desc, eq, isNull, ne } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { methodOf } from "../../spec/methods/all";
import { addItems } from "../annotation/items/items";
import { judge } from "../annotation/judging/judge";
import { noteServed } from "../annotation/judging/served";
import { appDb } from "../db/client";
import { type Run, runs } from "../db/tables/runs";
import { takeSlot } from "../jobs/slots";
import { commandArguments, startProgram } from "../jobs/spawn";
import { failure } from "../jobs/workbench";
import { log } from "../logging/log";
import { renderMarkdown } from "../markdown/markdown";
import { openChatDataset, recordIn } from "./chat-datasets";
import type { ChatAnswer, ChatEvent, ChatInput, ChatReveal } from "./chat-schema";
import { adapterFolder, checkpointFolder, requireRun } from "./require-run";

/** An exchange: the order of the models (0 is what the run is compared with, 1 the run), and their answers. */
interface Exchange {
  runId: string;
  messages: ChatInput["messages"];
  /** The run's alone where nothing is compared. */
  order: number[];
  /** The other's, then the run's. */
  answers: [string, string];
  writers: [string, string];
  /** What the other is called. */
  other: string;
  /** Whether the names were shown with the answers. */
  named: boolean;
}

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { exchanges?: Map<string, Exchange> };
const exchanges = () => {
  shared.exchanges ??= new Map();
  return shared.exchanges;
};
const remembered = 200;

/** Both answers as they grow, a JSON line each time. Ends the process that writes them when nobody listens any more. */
export async function streamChat(runId: string, input: ChatInput): Promise<ReadableStream<Uint8Array>> {
  const run = requireRun(runId);
  const other = otherOf(run, input.beside);
  const adapter = adapterAt(runId, input.step);
  const exchange: Exchange = {
    runId,
    messages: input.messages,
    order: input.beside === null ? [1] : input.blind && Math.random() < 0.5 ? [0, 1] : [1, 0],
    answers: ["", ""],
    writers: [other.adapter ?? other.name, adapter],
    other: other.name,
    named: input.beside === null || !input.blind,
  };
  const key = randomUUID();
  exchanges().set(key, exchange);
  for (const old of [...exchanges().keys()].slice(0, -remembered)) exchanges().delete(old);
  const sides = exchange.order.map((who) => (who === 0 ? other.adapter : adapter));
  const { longest: maxNewTokens, messages, temperature } = input;
  const seed = Math.floor(Math.random() * 2 ** 31);
  return answered(key, exchange, run.name, {
    model: answering(run),
    adapters: sides,
    messages,
    maxNewTokens,
    temperature,
    seed,
  });
}

/** Its model as answering reads it, without what only training does. */
const answering = ({ config: { model } }: Run): { source: string; dtype?: string } => ({
  source: model.source,
  ...("dtype" in model && { dtype: model.dtype }),
});

/** What answers beside a run: its base model, or another run's adapter of the same base. */
function otherOf(run: Run, beside: string | null): { name: string; adapter: string | null } {
  const { source } = run.config.model;
  if (beside === null || beside === "base") return { name: source, adapter: null };
  const other = requireRun(beside);
  if (!canAnswerBeside(run, other))
    throw new AppError(
      400,
      `${other.name} is no tuned ${source}, and both sides of a chat are adapters of one base model; choose another run.`,
    );
  return { name: other.name, adapter: adapterAt(other.id, null) };
}

const canAnswerBeside = (run: Run, { config }: Run) =>
  config.model.source === run.config.model.source && methodOf(config).produces === "policy";

const mostOthers = 100;

/** The finished runs that can answer beside this one, newest first. */
export function runsBeside(id: string): { id: string; name: string }[] {
  const run = requireRun(id);
  return appDb()
    .select()
    .from(runs)
    .where(and(eq(runs.status, "finished"), ne(runs.id, id)))
    .orderBy(desc(runs.createdAt))
    .all()
    .filter((other) => canAnswerBeside(run, other))
    .slice(0, mostOthers)
    .map(({ id, name }) => ({ id, name }));
}

/** Runs that have saved an adapter or a checkpoint of a policy, newest first. */
export function runsToChatWith(): { id: string; name: string; model: string }[] {
  const known = appDb()
    .select()
    .from(runs)
    .where(and(isNull(runs.archivedAt), ne(runs.status, "queued")))
    .orderBy(desc(runs.createdAt))
    .all();
  const found: { id: string; name: string; model: string }[] = [];
  for (const { id, name, config } of known) {
    if (found.length >= mostOthers) break;
    if (methodOf(config).produces === "policy" && adapterFolder(id))
      found.push({ id, name, model: config.model.source });
  }
  return found;
}

function adapterAt(runId: string, step: number | null): string {
  const folder = step === null ? adapterFolder(runId) : checkpointFolder(runId, step);
  if (!folder) throw new AppError(404, "This run has saved no adapter yet.");
  return folder;
}

async function answered(
  key: string,
  exchange: Exchange,
  name: string,
  config: object,
): Promise<ReadableStream<Uint8Array>> {
  const release = await takeSlot();
  const folder = mkdtempSync(join(tmpdir(), "workbench-chat-"));
  const file = join(folder, "chat.json");
  writeFileSync(file, JSON.stringify(config));
  const args = ["chat", file];
  const { child, ended } = startProgram("trainers/cli.ts", commandArguments(args));
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      const say = (event: ChatEvent) => controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
      say({ exchange: key, ...(exchange.named && { names: namesOf(exchange, name) }) });
      createInterface({ input: child.stdout! }).on("line", (text) => {
        const line = chatLine.parse(JSON.parse(text));
        exchange.answers[exchange.order[line.side]!] = line.text;
        if (!child.killed) say(line.done ? { ...line, html: renderMarkdown(line.text) } : line);
      });
      void ended.then((end) => {
        release();
        rmSync(folder, { recursive: true, force: true });
        if (child.killed) return;
        if (end.code !== 0) say({ problem: reported(failure(args, end)) });
        controller.close();
      });
    },
    cancel() {
      child.kill();
    },
  });
}

/** What each side is called; `name` is the run's. */
const namesOf = ({ order, other }: Exchange, name: string): string[] => order.map((who) => (who === 0 ? other : name));

/** Its words; a fault of ours is in the server's log too. */
function reported(error: AppError): string {
  if (error.status >= 500) log().error({ err: error }, "chat");
  return error.message;
}

/** Which model wrote an answer, where the server was not restarted since. */
export function writerOf(runId: string, { messages, answer }: ChatAnswer): string | null {
  const found = [...exchanges().values()].find(
    (one) => one.runId === runId && one.answers.includes(answer) && isDeepStrictEqual(one.messages, messages),
  );
  return found ? found.writers[found.answers.indexOf(answer)]! : null;
}

/** Stores the exchange and the vote in the run's own queue, and reveals which answer is whose. */
export function vote(
  annotatorId: number,
  runId: string,
  key: string,
  verdict: "left" | "right" | "tie" | "both_bad",
  activeMs: number,
  now: number,
): ChatReveal {
  const exchange = exchanges().get(key);
  if (exchange?.runId !== runId)
    throw new AppError(404, "This exchange is gone: the workbench was restarted. Send the message again.");
  const { messages, answers, order, writers } = exchange;
  const [left, right] = order;
  if (left === undefined || right === undefined)
    throw new AppError(400, "Only one model answered, so there is nothing to compare.");
  if (exchange.named)
    throw new AppError(
      400,
      "Whose each answer is was shown with them, so a vote would not be blind; ask again, blind.",
    );
  if (answers.some((answer) => answer.trim() === ""))
    throw new AppError(400, "One of the answers is empty; send the message again.");
  const run = requireRun(runId);
  const { id: queueId, name: queue } = openChatDataset(run, "pairs", now);
  const row = { prompt: messages, answers: [...answers], source: `chat with run ${run.name}`, writers: [...writers] };
  addItems(queueId, [row]);
  const itemId = recordIn(queueId, row)!;
  const choice = verdict === "left" || verdict === "right" ? { kind: verdict, strength: 2 } : { kind: verdict };
  noteServed(annotatorId, [{ id: itemId, mirror: false }]);
  judge(annotatorId, { key: `chat/${key}`, itemId, choice, activeMs }, now, [left, right]);
  return { names: namesOf(exchange, run.name) as [string, string], queue };
}
