// A pair before a judge: in both orders, and once more where an answer cannot be read.
import type { Message } from "../../../spec/chat";
import type { Endpoint } from "../../db/tables/endpoints";
import type { Item } from "../../db/tables/items";
import { ask } from "../../endpoints/ask";
import { askedOf, type Rubric } from "./rubric";
import { type Opinion, readOpinion } from "./verdict";

export interface Judged {
  /** With the first answer shown first, and with the second one; null where either could not be read. */
  opinions: [Opinion, Opinion] | null;
  /** Dollars. */
  cost: number;
}

type Pair = Pick<Item, "prompt" | "first" | "second">;

export async function judgePair(endpoint: Endpoint, rubric: Rubric, pair: Pair, signal?: AbortSignal): Promise<Judged> {
  const inOrder = (shown: "first" | "second") => {
    const { first, second } = pair;
    const messages = askedOf(rubric, pair.prompt, shown === "first" ? [first, second] : [second, first]);
    return opinionOn(endpoint, messages, { aspects: rubric.aspects, shown }, signal);
  };
  const [one, other] = await Promise.all([inOrder("first"), inOrder("second")]);
  const opinions: Judged["opinions"] = one.opinion && other.opinion ? [one.opinion, other.opinion] : null;
  return { opinions, cost: one.cost + other.cost };
}

/** Reason and ratings need less. */
const longest = 700;

async function opinionOn(
  endpoint: Endpoint,
  messages: Message[],
  { aspects, shown }: { aspects: string[]; shown: "first" | "second" },
  signal?: AbortSignal,
): Promise<{ opinion: Opinion | null; cost: number }> {
  const asked = { max_tokens: longest, temperature: 0 };
  const answer = await ask(endpoint, { ...asked, messages }, signal);
  const read = readOpinion(answer.text, aspects, shown);
  if (!("problem" in read)) return { opinion: read, cost: answer.cost };
  const problem = answer.ended ? read.problem : `it was not finished within ${longest} tokens`;
  const repair: Message[] = [
    ...messages,
    { role: "assistant", content: answer.text },
    {
      role: "user",
      content: `This cannot be read: ${problem}. Send the JSON object again, as described, and nothing else.`,
    },
  ];
  const again = await ask(endpoint, { ...asked, messages: repair }, signal);
  const repaired = readOpinion(again.text, aspects, shown);
  return { opinion: "problem" in repaired ? null : repaired, cost: answer.cost + again.cost };
}
