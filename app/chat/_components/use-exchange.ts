import { useRef, useState } from "react";
import { type ChatEvent, type ChatRequest, chatEvent } from "@/lib/runs/chat-schema";

export interface Side {
  text: string;
  tokens: number;
  done: boolean;
  /** Its Markdown, once it is complete. */
  html?: string | undefined;
}
export interface Exchange {
  /** Its key, once the server has sent it. */
  key: string | null;
  /** Whose each answer is, where the server has said so before any vote. */
  names: string[] | null;
  /** One alone, or both. */
  sides: Side[];
  problem: string | null;
  /** When all answers were complete. */
  since: number;
}

const emptySide: Side = { text: "", tokens: 0, done: false };
const begun = (alone: boolean): Exchange => ({
  key: null,
  names: null,
  sides: alone ? [emptySide] : [emptySide, emptySide],
  problem: null,
  since: 0,
});

/** The exchange after a line of the server's stream. */
export function applyEvent(exchange: Exchange, event: ChatEvent, now: number): Exchange {
  if ("exchange" in event) return { ...exchange, key: event.exchange, names: event.names ?? null };
  if ("problem" in event) return { ...exchange, problem: event.problem };
  const { side, text, tokens, done, html } = event;
  const sides = exchange.sides.map((old, i) => (i === side ? { text, tokens, done, html } : old));
  return { ...exchange, sides, since: sides.every((one) => one.done) ? now : 0 };
}

/** The answer of a model that was asked alone, once it is complete: the conversation goes on from it by itself. */
export function soleAnswer(exchange: Exchange | null): Side | null {
  const [side, other] = exchange?.sides ?? [];
  return side?.done && !other && !exchange?.problem ? side : null;
}

/**
 * An exchange that is stopped: what a model that was asked alone has said so far is its answer. Null where nothing can be kept: before the first
 * word, and of two answers, as one of them may be read against the other only once both are there.
 */
export function stopped(exchange: Exchange | null): Exchange | null {
  const [side, other] = exchange?.sides ?? [];
  return side && !other && side.text !== "" ? { ...exchange!, sides: [{ ...side, done: true }] } : null;
}

/** Why a request ended whose question was left without an answer. */
const unanswered = "unanswered";

/** One message with its answers; a new message cancels the previous one. */
export function useExchange(subject: string) {
  const [exchange, setExchange] = useState<Exchange | null>(null);
  const running = useRef<AbortController | null>(null);
  /** Whether it was answered, at least in part, or given up for another message. */
  const ask = async (input: ChatRequest): Promise<boolean> => {
    running.current?.abort();
    const own = new AbortController();
    running.current = own;
    setExchange(begun(input.beside === null));
    try {
      const response = await fetch(`/api/runs/${encodeURIComponent(subject)}/chat`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(input),
        signal: own.signal,
      });
      if (!response.ok) throw new Error(((await response.json()) as { error: string }).error);
      for await (const event of linesOf(response.body!)) {
        own.signal.throwIfAborted(); // between lines that came together
        setExchange((old) => old && applyEvent(old, event, performance.now()));
        if ("problem" in event) return false;
      }
      return true;
    } catch (error) {
      if (own.signal.aborted) return own.signal.reason !== unanswered;
      const problem = error instanceof Error ? error.message : String(error);
      setExchange((old) => old && { ...old, problem });
      return false;
    }
  };
  const stop = () => {
    const kept = stopped(exchange);
    running.current?.abort(kept ? undefined : unanswered);
    setExchange(kept);
  };
  const clear = () => {
    running.current?.abort();
    setExchange(null);
  };
  return { exchange, ask, stop, clear };
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ChatEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = `${rest}${value}`.split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield chatEvent.parse(JSON.parse(line));
  }
}
