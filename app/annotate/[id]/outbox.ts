// Votes on their way to the server. Each lies in this browser under a name of its own until the server has it, so that two tabs never
// write over each other; sent again after a reload or an outage, it carries its idempotency key, so that sending twice stores once.
import { RequestError, send } from "@/lib/fetch";
import type { JudgementInput } from "@/lib/judgements/schema";
import { sayError } from "../../ui/toast";

const prefix = "vote/";
const retryMs = 2000;
/** The server has seen it and never will take it: not a vote, pair gone, judged already. All else may pass, a name to be given anew too. */
const refused = [400, 404, 409];
let sending: Promise<void> | null = null;
let posted = 0;
const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};

/** Names of the votes that wait, oldest first. */
const names = () =>
  Object.keys(localStorage)
    .filter((name) => name.startsWith(prefix))
    .sort();

export const waiting = () => names().length;

/** Calls back when votes come or go, in any tab. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

export function post(judgement: JudgementInput): void {
  const order = [Date.now(), ++posted].map((part) => String(part).padStart(15, "0")).join("/");
  localStorage.setItem(`${prefix}${order}/${judgement.key}`, JSON.stringify(judgement));
  tell();
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
  for (let name = names()[0]; name; name = names()[0]) {
    const vote = localStorage.getItem(name);
    if (vote === null) continue; // another tab was faster
    try {
      await send("POST", "/api/judgements", JSON.parse(vote) as JudgementInput);
      localStorage.removeItem(name);
    } catch (error) {
      if (error instanceof RequestError && refused.includes(error.status)) {
        localStorage.removeItem(name);
        void sayError(`A vote was not taken: ${error.message}`);
      } else await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
    tell();
  }
}
