// Full-text search over prompts, answers, reasons and rewrites. SQLite keeps the indexes in step itself: triggers of the migration "records".
import { sql } from "drizzle-orm";
import { appDb, type Db } from "../../db/client";
import type { QueueTally } from "../judging/tally-state";
import { recordOf, recordsByPair } from "./record-facts";

/** Scripts that are written without spaces: FTS5 takes a whole line of them for one word. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/** From so many letters on the last word finds longer ones, as somebody is still typing it. */
const leastPrefix = 3;

/** The words that a search names; what stands in quotes is one. */
export const wordsOf = (q: string): string[] =>
  [...q.matchAll(/"([^"]+)"|(\S+)/g)]
    .map(([, phrase, word]) => phrase ?? word!)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));

/** Ids of the dataset's records that have all of the words; null where none are named. */
export function recordsWith(q: string, tally: QueueTally): Set<number> | null {
  const number = /^#(\d+)$/.exec(q)?.[1];
  const named = number ? recordOf(tally, Number(number)) : null;
  if (number) return new Set(named ? [named.pair.id] : []);
  const words = wordsOf(q);
  if (words.length === 0) return null;
  const found = new Set<number>();
  const records = recordsByPair(tally);
  const add = (pairId: number) => {
    const record = records.get(pairId);
    if (record?.pair.queue === tally) found.add(record.pair.id);
  };
  for (const id of unspaced.test(q) ? textsHolding(words) : idsIn("item_texts", words)) add(id);
  if (!unspaced.test(q)) for (const seq of idsIn("vote_texts", words)) addVoted(tally, seq, add);
  return found;
}

/** Adds the pair of a vote, where the vote stands. */
function addVoted({ people }: QueueTally, seq: number, add: (pairId: number) => void): void {
  for (const { votes } of people.values()) {
    const vote = votes.get(seq);
    if (vote) add(vote.pair.id);
  }
}

const quoted = (word: string) => `"${word.replaceAll('"', "")}"`;

/** What FTS5 is asked for texts that have all of the words. */
export function matchOf(words: string[]): string {
  const last = words.at(-1)!;
  return [...words.slice(0, -1).map(quoted), `${quoted(last)}${last.length >= leastPrefix ? "*" : ""}`].join(" ");
}

const idsIn = (table: "item_texts" | "vote_texts", words: string[]): number[] =>
  (appDb() as Db).$client
    .prepare(`SELECT rowid FROM ${table} WHERE ${table} MATCH ?`)
    .pluck()
    .all(matchOf(words)) as number[];

/** By looking through the texts themselves. */
const textsHolding = (words: string[]): number[] =>
  appDb()
    .all<{ id: number }>(
      sql`SELECT id FROM items WHERE ${sql.join(
        words.map((word) => sql`(instr(prompt, ${word}) OR instr("first", ${word}) OR instr("second", ${word}))`),
        sql` AND `,
      )}`,
    )
    .map(({ id }) => id);
