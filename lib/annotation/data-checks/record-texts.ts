// The texts of a record as one value, for people to edit and checks to read, and back into the pairs that hold them.
import { isDeepStrictEqual } from "node:util";
import { asc, eq, inArray, max } from "drizzle-orm";
import { groupBy } from "../../../common/group-by";
import type { Message } from "../../../spec/chat";
import { appDb } from "../../db/client";
import { type Item, items } from "../../db/tables/items";
import { earlierTexts } from "../../db/tables/record-changes";
import { withdrawScores } from "../items/item-scores";
import { compared } from "../items/items";
import { noSecond } from "../items/single-answers";
import { answersOf } from "../judging/rankings";

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

/** Those that these pairs name, each once, in the order of the dataset. */
export function recordsAt(itemIds: number[]): StoredRecord[] {
  const named = appDb().select().from(items).where(inArray(items.id, itemIds)).all();
  const rankings = named.flatMap(({ ranking }) => (ranking === null ? [] : [ranking]));
  const ranked =
    rankings.length === 0
      ? []
      : appDb().select().from(items).where(inArray(items.ranking, rankings)).orderBy(asc(items.place)).all();
  const records = groupBy(
    [...ranked, ...named.filter(({ ranking }) => ranking === null)],
    (one) => one.ranking ?? one.id,
  );
  return [...records.values()]
    .sort(([a], [b]) => a!.position - b!.position)
    .map((pairs) => ({
      id: pairs[0]!.id,
      pairs,
      texts: { prompt: pairs[0]!.prompt, answers: answersOf(pairs) },
    }));
}

type Texts = Pick<Item, "prompt" | "first" | "second">;

/** What each pair of a record holds, where the record has these texts. */
export const pairTexts = ({ prompt, answers }: RecordTexts): Texts[] =>
  compared(answers.length).map(([i, j]) => ({
    prompt,
    first: answers[i]!,
    second: j === null ? noSecond : answers[j]!,
  }));

/** Greater than before where anybody has changed a text since. */
export const changesSeen = (): number =>
  appDb()
    .select({ seq: max(earlierTexts.seq) })
    .from(earlierTexts)
    .get()!.seq ?? 0;

/** Whether nobody has changed a record's texts since it was read. */
export const isUnchanged = ({ pairs }: StoredRecord): boolean =>
  pairs.every((pair) => {
    const now = appDb().select().from(items).where(eq(items.id, pair.id)).get()!;
    return isDeepStrictEqual([now.prompt, now.first, now.second], [pair.prompt, pair.first, pair.second]);
  });

/** Within a transaction: texts of pairs from now on; what they were is kept under the version, and a reward model's scores of them go. */
export function writeTexts(changed: (Texts & { id: number })[], number: number, now: number): void {
  const { $client } = appDb(); // prepared once for all of them: a version may change a hundred thousand
  const keep = $client.prepare(
    "INSERT INTO earlier_texts (item_id, number, prompt, first, second) SELECT id, ?, prompt, first, second FROM items WHERE id = ?",
  );
  const put = $client.prepare("UPDATE items SET prompt = ?, first = ?, second = ? WHERE id = ?");
  for (const { id, prompt, first, second } of changed) {
    keep.run(number, id);
    put.run(JSON.stringify(prompt), first, second, id);
  }
  withdrawScores(
    changed.map(({ id }) => id),
    now,
  );
}
