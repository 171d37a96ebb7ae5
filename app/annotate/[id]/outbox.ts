// Votes on their way to the server. They are kept in this browser until the server has them, and sent again after a
// reload or an outage; each carries its idempotency key, so sending twice stores once.

import { RequestError, send } from "@/lib/fetch";
import type { JudgementInput } from "@/lib/judgements/schema";

const key = "outbox";
const retryMs = 2000;
/** The server has seen it and never will take it: not a vote, pair gone, judged already. All else may pass, a name to be given anew too. */
const refused = [400, 404, 409];
let sending: Promise<void> | null = null;
const listeners = new Set<() => void>();

function read(): JudgementInput[] {
  return JSON.parse(localStorage.getItem(key) ?? "[]") as JudgementInput[];
}

function write(waiting: JudgementInput[]): void {
  localStorage.setItem(key, JSON.stringify(waiting));
  for (const listener of listeners) listener();
}

export const waiting = () => read().length;

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function post(judgement: JudgementInput): void {
  write([...read(), judgement]);
  void flush();
}

/** Resolves once everything is with the server; while it cannot be reached, keeps trying. */
export function flush(): Promise<void> {
  sending ??= drain().finally(() => {
    sending = null;
  });
  return sending;
}

async function drain(): Promise<void> {
  for (let next = read()[0]; next; next = read()[0])
    try {
      await send("POST", "/api/judgements", next);
      write(read().slice(1));
    } catch (error) {
      if (error instanceof RequestError && refused.includes(error.status)) write(read().slice(1));
      else await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
}
