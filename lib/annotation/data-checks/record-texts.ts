// The texts of a record as one value, for people to edit and checks to read, and back into the pairs that hold them.
import { eq } from "drizzle-orm";
import type { Message } from "../../../spec/chat";
import { appDb } from "../../db/client";
import { type Item, items } from "../../db/tables/items";
import { earlierTexts } from "../../db/tables/record-changes";
import { withdrawScores } from "../items/item-scores";
import { compared } from "../items/items";
import { noSecond } from "../items/single-answers";
import { answersOf, judgedWith } from "../judging/rankings";

export interface RecordTexts {
  prompt: Message[];
  answers: string[];
}

/** A pair, a ranking or a single answer; of a ranking any pair names it. */
export interface StoredRecord {
  /** The id of the pair that stands for it. */
  id: number;
  pairs: Item[];
  texts: RecordTexts;
}

export function recordTextsOf(itemId: number): StoredRecord {
  const item = appDb().select().from(items).where(eq(items.id, itemId)).get();
  const pairs = judgedWith(item!);
  return { id: pairs[0]!.id, pairs, texts: { prompt: pairs[0]!.prompt, answers: answersOf(pairs) } };
}

type Texts = Pick<Item, "prompt" | "first" | "second">;

/** What each pair of a record holds, where the record has these texts. */
export const pairTexts = ({ prompt, answers }: RecordTexts): Texts[] =>
  compared(answers.length).map(([i, j]) => ({
    prompt,
    first: answers[i]!,
    second: j === null ? noSecond : answers[j]!,
  }));

/** Within a transaction: a pair's texts from now on; what they were is kept under the version, and a reward model's scores of them go. */
export function writeTexts(itemId: number, number: number, texts: Texts, now: number): void {
  const { prompt, first, second } = appDb().select().from(items).where(eq(items.id, itemId)).get()!;
  appDb().insert(earlierTexts).values({ itemId, number, prompt, first, second }).run();
  appDb().update(items).set(texts).where(eq(items.id, itemId)).run();
  withdrawScores(itemId, now);
}
