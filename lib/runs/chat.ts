// Chat with a run's policy, alone or beside its base model or another run; or with a base, alone or beside a run of it. Blind, the sides are random for each exchange and revealed after
// the vote, which is stored in a dataset like any other.
import "server-only";
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { and, desc, eq, isNull, ne } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { heldWords, isHeldAlike, learntOver } from "../../spec/fields/model";
import { methodOf } from "../../spec/methods/all";
import { seenRuns } from "../access/hidden-runs";
import { addItems } from "../annotation/items/items";
import { judge } from "../annotation/judging/judge";
import { noteServed } from "../annotation/judging/served";
import { appDb } from "../db/client";
import { type Run, runs } from "../db/tables/runs";
import { log } from "../logging/log";
import { renderMarkdown } from "../markdown/markdown";
import { type AnswerOptions, growAnswer } from "../serving/grow-answer";
import type { ServedModel } from "../serving/warm-server";
import { chatSource, openChatDataset, recordIn } from "./chat-datasets";
import type { ChatAnswer, ChatEvent, ChatInput, ChatReveal } from "./chat-schema";
import { adapterAt, type ChatSubject, heldBaseOf, subjectOf } from "./chat-subject";
import { adapterFolder, requireRun } from "./require-run";
import { modelOf } from "./served-model";

/** An exchange: the order of the models (0 is what the subject is compared with, 1 the subject), and their answers. */
interface Exchange {
  subject: string;
  messages: ChatInput["messages"];
  /** The subject's alone where nothing is compared. */
  order: number[];
  /** The other's, then the subject's. */
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
export async function streamChat(id: string, input: ChatInput): Promise<ReadableStream<Uint8Array>> {
  const subject = subjectOf(id);
  const beside = subject.isBase && input.beside === "base" ? null : input.beside;
  const other = otherOf(subject, beside);
  const adapter = adapterAt(subject, input.step);
  const exchange: Exchange = {
    subject: subject.id,
    messages: input.messages,
    order: beside === null ? [1] : input.blind && Math.random() < 0.5 ? [0, 1] : [1, 0],
    answers: ["", ""],
    writers: [other.adapter ?? other.name, adapter ?? subject.model.source],
    other: other.name,
    named: beside === null || !input.blind,
  };
  const key = randomUUID();
  exchanges().set(key, exchange);
  for (const old of [...exchanges().keys()].slice(0, -remembered)) exchanges().delete(old);
  const models = exchange.order.map((who) => (who === 0 ? other.served : modelOf(subject.id, input.step)));
  const { longest: maxNewTokens, messages, temperature } = input;
  const seed = Math.floor(Math.random() * 2 ** 31);
  return answered(key, exchange, subject.name, models, { maxNewTokens, messages, temperature, seed });
}

/** What answers beside a subject: its base model, or another run's adapter of the same base. */
function otherOf(
  subject: ChatSubject,
  beside: string | null,
): { name: string; adapter: string | null; served: ServedModel } {
  const {
    model: { source, dtype = "float32" },
    held,
  } = subject;
  if (beside === null || beside === "base")
    return { name: source, adapter: null, served: { source, dtype, ...held, adapter: null } };
  const other = requireRun(beside);
  if (!canAnswerBeside(subject, other))
    throw new AppError(
      400,
      `${other.name} is no tuned ${source}${held.quantisation ? ` in ${heldWords(held)}` : ""}, and both sides of a chat are adapters of one base model; choose another run.`,
    );
  const own = subjectOf(other.id);
  return { name: other.name, adapter: adapterAt(own, null), served: modelOf(other.id, null) };
}

const canAnswerBeside = ({ model, held }: ChatSubject, { config }: Run) =>
  config.model.source === model.source &&
  isHeldAlike(learntOver(heldBaseOf(config)), learntOver(held)) &&
  methodOf(config).produces === "policy";

const mostOthers = 100;

/** The finished runs that can answer beside this one, newest first. */
export function runsBeside(id: string): { id: string; name: string }[] {
  const subject = subjectOf(id);
  const others = and(eq(runs.status, "finished"), ne(runs.id, id));
  return seenRuns(appDb().select().from(runs).where(others).orderBy(desc(runs.createdAt)).all())
    .filter((other) => canAnswerBeside(subject, other))
    .slice(0, mostOthers)
    .map(({ id, name }) => ({ id, name }));
}

/** Runs that have saved an adapter or a checkpoint of a policy, newest first. */
export function runsToChatWith(): { id: string; name: string; model: string }[] {
  const begun = and(isNull(runs.archivedAt), ne(runs.status, "queued"));
  const known = seenRuns(appDb().select().from(runs).where(begun).orderBy(desc(runs.createdAt)).all());
  const found: { id: string; name: string; model: string }[] = [];
  for (const { id, name, config } of known) {
    if (found.length >= mostOthers) break;
    if (methodOf(config).produces === "policy" && adapterFolder(id))
      found.push({ id, name, model: config.model.source });
  }
  return found;
}

/** The answers of `models` at once, each as it grows. */
function answered(
  key: string,
  exchange: Exchange,
  name: string,
  models: ServedModel[],
  options: AnswerOptions,
): ReadableStream<Uint8Array> {
  const gone = new AbortController();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async start(controller) {
      const say = (event: ChatEvent) => {
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
      };
      const answer = async (model: ServedModel, side: number) => {
        for await (const line of growAnswer(model, options, gone.signal)) {
          exchange.answers[exchange.order[side]!] = line.text;
          say({ side, ...line, ...(line.done && { html: renderMarkdown(line.text) }) });
        }
      };
      say({ exchange: key, ...(exchange.named && { names: namesOf(exchange, name) }) });
      try {
        await Promise.all(models.map(answer));
      } catch (error) {
        say({ problem: reported(error) });
      }
      if (!gone.signal.aborted) controller.close();
    },
    cancel() {
      gone.abort();
    },
  });
}

/** What each side is called; `name` is the subject's. */
const namesOf = ({ order, other }: Exchange, name: string): string[] => order.map((who) => (who === 0 ? other : name));

/** Its words; a fault of ours is in the server's log too. */
function reported(error: unknown): string {
  if (error instanceof AppError && error.status < 500) return error.message;
  log().error({ err: error }, "chat");
  return error instanceof Error ? error.message : String(error);
}

/** Which model wrote an answer, where the server was not restarted since. */
export function writerOf(subject: string, { messages, answer }: ChatAnswer): string | null {
  const found = [...exchanges().values()].find(
    (one) => one.subject === subject && one.answers.includes(answer) && isDeepStrictEqual(one.messages, messages),
  );
  return found ? found.writers[found.answers.indexOf(answer)]! : null;
}

/** Stores the exchange and the vote in the subject's own queue, and reveals which answer is whose. */
export function vote(
  annotatorId: number,
  id: string,
  key: string,
  verdict: "left" | "right" | "tie" | "both_bad",
  activeMs: number,
  now: number,
): ChatReveal {
  const exchange = exchanges().get(key);
  if (exchange?.subject !== id)
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
  const subject = subjectOf(id);
  const { id: queueId, name: queue } = openChatDataset(subject, "pairs", now);
  const row = { prompt: messages, answers: [...answers], source: chatSource(subject), writers: [...writers] };
  addItems(queueId, [row]);
  const itemId = recordIn(queueId, row)!;
  const choice = verdict === "left" || verdict === "right" ? { kind: verdict, strength: 2 } : { kind: verdict };
  noteServed(annotatorId, [{ id: itemId, mirror: false }]);
  judge(annotatorId, { key: `chat/${key}`, itemId, choice, activeMs }, now, [left, right]);
  return { names: namesOf(exchange, subject.name) as [string, string], queue };
}
