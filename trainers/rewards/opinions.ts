// What people, or an endpoint, think of pairs of sampled answers.
import { setTimeout as wait } from "node:timers/promises";
import { areAlike } from "../../common/min-hash";
import type { AskedPair, Opinion } from "../../spec/judging";
import { answerText } from "../data/tokenize";
import type { ChatTokenizer } from "../models/tokenizer";
import type { Answered } from "./answered";
import type { Panel } from "./panel";

/** Two answers to a prompt as a panel is shown them; null where there is nothing to tell apart, or to see. */
export function askedPair(first: Answered, second: Answered, tokenizer: ChatTokenizer): AskedPair | null {
  const { prompt } = first;
  if (prompt === null || areAlike(first.response, second.response)) return null;
  const texts: [string, string] = [answerText(tokenizer, first.response), answerText(tokenizer, second.response)];
  const messages = typeof prompt === "string" ? [{ role: "user" as const, content: prompt }] : prompt;
  return texts.includes("") ? null : { prompt: messages, answers: texts };
}

/** Asks a panel about the pairs of a round and waits until it has thought of each; null where the wait was ended by `signal`. */
export async function opinionsOf(
  panel: Panel,
  round: number,
  pairs: AskedPair[],
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<Opinion[] | null> {
  if (pairs.length === 0) return [];
  panel.ask(round + 1, pairs);
  let seen = -1;
  for (;;) {
    const heard = panel.heard(round + 1);
    if (heard && "problem" in heard) throw new Error(heard.problem);
    const opinions = heard?.opinions ?? [];
    const decided = opinions.filter((opinion) => opinion !== null).length;
    if (heard && decided > seen)
      note(`round ${round + 1} waits for ${panel.who}: ${decided} of ${pairs.length} pairs judged in ${heard.queue}`);
    if (heard) seen = decided;
    if (decided === pairs.length) return opinions;
    try {
      await wait(pollMs, undefined, { signal });
    } catch {
      return null; // asked to stop
    }
  }
}

const pollMs = 1000;
