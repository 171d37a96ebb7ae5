// A pair before a judge: in both orders, and once more where an answer cannot be read.
import type { Endpoint } from "../../db/tables/endpoints";
import type { Item } from "../../db/tables/items";
import { askJson } from "../../endpoints/ask-json";
import { askedOf, type Rubric } from "./rubric";
import { type Opinion, readOpinion } from "./verdict";

export interface Judged {
  /** With the first answer shown first, and with the second one; null where either could not be read. */
  opinions: [Opinion, Opinion] | null;
  /** Dollars. */
  cost: number;
}

type Pair = Pick<Item, "prompt" | "first" | "second">;

/** Reason and ratings need less. */
const longest = 700;

export async function judgePair(endpoint: Endpoint, rubric: Rubric, pair: Pair, signal?: AbortSignal): Promise<Judged> {
  const inOrder = (shown: "first" | "second") => {
    const { first, second } = pair;
    const messages = askedOf(rubric, pair.prompt, shown === "first" ? [first, second] : [second, first]);
    const read = (text: string) => readOpinion(text, rubric.aspects, shown);
    return askJson(endpoint, messages, longest, read, signal);
  };
  const [one, other] = await Promise.all([inOrder("first"), inOrder("second")]);
  const opinions: Judged["opinions"] = one.said && other.said ? [one.said, other.said] : null;
  return { opinions, cost: one.cost + other.cost };
}
