// One question to an endpoint: answered from the cache where the same was asked before, else within its cap on spending, and what it cost is kept.
import { createHash } from "node:crypto";
import { and, asc, eq } from "drizzle-orm";
import { APIConnectionError, APIError, BadRequestError } from "openai";
import type {
  ChatCompletion,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from "openai/resources";
import type { Message } from "../../spec/chat";
import { AppError } from "../../spec/errors";
import { appDb } from "../db/client";
import { type Endpoint, type EndpointAnswer, endpointAnswers } from "../db/tables/endpoints";
import { clientOf, keyOf } from "./client";
import { keepAnswer, requireBelowCap } from "./spending";

/** What it is asked, all of which the cache goes by. */
export interface Question {
  messages: Message[];
  max_tokens: number;
  temperature: number;
  /** Another one asks for another answer to the same messages. */
  seed?: number;
}

export interface Answered {
  text: string;
  ended: boolean;
  /** Dollars; 0 from the cache. */
  cost: number;
  cached: boolean;
}

export async function ask(endpoint: Endpoint, question: Question, signal?: AbortSignal): Promise<Answered> {
  const request = hashOf(endpoint, question);
  const known = knownAnswer(endpoint, request);
  if (known) return { text: known.answer, ended: known.ended, cost: 0, cached: true };
  requireBelowCap(endpoint);
  const { model, text, ...answer } = await completion(endpoint, question, signal);
  await keepAnswer({ ...answer, endpointId: endpoint.id, request, answer: text, createdAt: Date.now() });
  return { text, ended: answer.ended, cost: answer.cost, cached: false };
}

const hashOf = ({ baseUrl, model }: Endpoint, { messages, max_tokens, temperature, seed }: Question): string =>
  createHash("sha256")
    .update(JSON.stringify({ baseUrl, model, messages, max_tokens, temperature, seed }))
    .digest("hex");

const knownAnswer = ({ id }: Endpoint, request: string): EndpointAnswer | undefined =>
  appDb()
    .select()
    .from(endpointAnswers)
    .where(and(eq(endpointAnswers.endpointId, id), eq(endpointAnswers.request, request)))
    .orderBy(asc(endpointAnswers.id))
    .get();

type Completion = Pick<EndpointAnswer, "ended" | "inputTokens" | "outputTokens" | "cost"> & {
  text: string;
  model: string;
};

/** Asks, whatever the cache has. */
export async function completion(endpoint: Endpoint, question: Question, signal?: AbortSignal): Promise<Completion> {
  const asked = await said(endpoint, () => created(endpoint, question, signal));
  const choice = asked.choices?.[0];
  if (choice?.message === undefined) throw new AppError(503, `Endpoint ${endpoint.name} answered without a choice.`);
  const text = choice.message.content ?? "";
  // whoever does not say how many tokens they were has at most one a byte
  const inputTokens = asked.usage?.prompt_tokens ?? Buffer.byteLength(JSON.stringify(question.messages));
  const outputTokens = asked.usage?.completion_tokens ?? Buffer.byteLength(text);
  const cost = (inputTokens * endpoint.inputPrice + outputTokens * endpoint.outputPrice) / 1e6;
  return { text, ended: choice.finish_reason !== "length", inputTokens, outputTokens, cost, model: asked.model };
}

/** Models that take OpenAI's newer name of `max_tokens` alone, as its reasoning models do. Others know the old one, or that only. */
const newer = new Set<string>();

async function created(
  endpoint: Endpoint,
  { max_tokens: most, messages, ...question }: Question,
  signal: AbortSignal | undefined,
): Promise<ChatCompletion> {
  const { baseUrl, model } = endpoint;
  const asked = { ...question, messages: messages as ChatCompletionMessageParam[], model };
  const create = (limit: Pick<ChatCompletionCreateParamsNonStreaming, "max_tokens" | "max_completion_tokens">) =>
    clientOf(endpoint, signal).chat.completions.create({ ...asked, ...limit });
  const name = JSON.stringify([baseUrl, model]);
  if (newer.has(name)) return create({ max_completion_tokens: most });
  try {
    return await create({ max_tokens: most });
  } catch (error) {
    if (!(error instanceof BadRequestError) || !error.message.includes("max_completion_tokens")) throw error;
    newer.add(name);
    return create({ max_completion_tokens: most });
  }
}

const mostQuoted = 200;

/** What the client throws as a sentence that names the endpoint, and never its key. */
export async function said<T>(endpoint: Endpoint, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError || !(error instanceof APIError)) throw error;
    const key = keyOf(endpoint);
    const why = error instanceof APIConnectionError ? deepest(error) : error.message;
    const hidden = key === null ? why : why.replaceAll(key, "…");
    const words = hidden.length > mostQuoted ? `${hidden.slice(0, mostQuoted)}…` : hidden;
    const isRefusal = error.status !== undefined && error.status < 500 && error.status !== 429;
    throw new AppError(isRefusal ? 400 : 503, `Endpoint ${endpoint.name} gave no answer: ${words}`, { cause: error });
  }
}

/** "fetch failed" says nothing; its cause does. */
function deepest(error: Error): string {
  let at = error;
  while (at.cause instanceof Error) at = at.cause;
  return at.message || String((at as NodeJS.ErrnoException).code ?? error.message);
}
