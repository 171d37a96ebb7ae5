// An answer of a warm server to a conversation, as it grows.
import "server-only";
import { z } from "zod";
import type { Message } from "../../spec/chat";
import { AppError } from "../../spec/errors";
import { eventData } from "./event-data";
import { askServer, type ServedModel } from "./warm-server";

const refusal = z.object({ error: z.object({ message: z.string() }) });
const chunk = z.union([
  refusal,
  z.object({
    choices: z.array(
      z.object({ delta: z.object({ content: z.string().optional() }), finish_reason: z.string().nullable() }),
    ),
    usage: z.object({ completion_tokens: z.number() }).optional(),
  }),
]);

export interface Grown {
  text: string;
  tokens: number;
  done: boolean;
  /** Whether it ended by itself, or was cut at the longest answer. */
  ended: boolean;
}

export interface AnswerOptions {
  messages: Message[];
  temperature: number;
  maxNewTokens: number;
  seed: number;
}

/** Throws what the server refuses in its words. */
export async function* growAnswer(
  model: ServedModel,
  { messages, temperature, maxNewTokens, seed }: AnswerOptions,
  signal: AbortSignal,
): AsyncGenerator<Grown> {
  const asked = { model: model.source, messages, temperature, seed, max_tokens: maxNewTokens };
  const streamed = { stream: true, stream_options: { include_usage: true } };
  const answer = await askServer(model, "/chat/completions", { ...asked, ...streamed }, signal);
  if (answer.status !== 200) throw new AppError(answer.status === 400 ? 400 : 500, await refusalOf(answer));
  const grown: Grown = { text: "", tokens: 0, done: false, ended: false };
  for await (const data of eventData(answer.body!)) {
    const told = chunk.parse(data);
    if ("error" in told) throw new AppError(500, told.error.message);
    const [choice] = told.choices;
    grown.text = (grown.text + (choice?.delta.content ?? "")).trimStart();
    grown.ended ||= choice?.finish_reason === "stop";
    grown.tokens = told.usage?.completion_tokens ?? grown.tokens + (choice?.delta.content ? 1 : 0);
    grown.done = told.usage !== undefined;
    if (choice?.delta.content || grown.done) yield { ...grown };
  }
}

/** What `workbench serve` says is wrong. */
const refusalOf = async (answer: Response): Promise<string> => refusal.parse(await answer.json()).error.message;
