// How pairs, rankings and single answers enter a queue.
import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { noSecond } from "./single-answers";

/** Most answers that one ranking asks to compare. */
export const mostAnswers = 10;

const answer = z.string().min(1);
/** A turn; its other fields are kept. */
const message = z.looseObject({ role: z.string().min(1), content: z.string().nullable() });
/** A prompt with two answers, more to rank, or one that is good or bad by itself; a gold one says what is right. */
export const sampleRow = z.object({
  prompt: z.array(message).min(1),
  answers: z.array(answer).min(1).max(mostAnswers),
  source: z.string(),
  writers: z.array(z.string()).optional(),
  gold: z
    .object({ verdict: z.enum(["first", "second", "tie", "both_bad"]), because: z.string().default("") })
    .optional(),
});
export type SampleRow = z.infer<typeof sampleRow>;

/** Each answer as a row of its own. What is right of a gold pair says nothing of its answers alone. */
export const answersAlone = ({ prompt, answers, source, writers }: SampleRow): SampleRow[] =>
  answers.map((answer, i) => ({ prompt, answers: [answer], source, ...(writers && { writers: [writers[i]!] }) }));

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** Content hash of a row: importing the same one twice adds nothing. */
export const itemHash = (row: Pick<SampleRow, "prompt" | "answers">) =>
  sha256(JSON.stringify([row.prompt, ...row.answers]));

/** Indices of the answers that a ranking's pairs compare, in the order of their places. */
export const pairsOf = (answers: number): [number, number][] =>
  Array.from({ length: answers }, (_, i) => i).flatMap((i) =>
    Array.from({ length: answers - i - 1 }, (_, k): [number, number] => [i, i + k + 1]),
  );

/** The same where there may be one answer, which is compared with none. */
export const compared = (answers: number): [number, number | null][] =>
  answers === 1 ? [[0, null]] : pairsOf(answers);

/** Adds rows to a queue and returns how many were new. More than two answers become as many pairs as they make. */
export function addItems(queueId: number, rows: SampleRow[]): number {
  return appDb().transaction((tx) => {
    const [last] = tx
      .select({ position: sql<number>`coalesce(max(${items.position}), 0)` })
      .from(items)
      .where(sql`${items.queueId} = ${queueId}`)
      .all();
    let added = 0;
    for (const row of rows) {
      const pairs = asItems(row, queueId).map((pair) => ({ ...pair, position: last!.position + added + 1 }));
      const { changes } = tx.insert(items).values(pairs).onConflictDoNothing().run();
      if (changes > 0) added++;
    }
    return added;
  });
}

function asItems({ prompt, answers, source, writers, gold = undefined }: SampleRow, queueId: number) {
  const hash = itemHash({ prompt, answers });
  const ranking = answers.length > 2 ? `${queueId}/${hash}` : null;
  return compared(answers.length).map(([i, j], place) => ({
    queueId,
    prompt,
    first: answers[i]!,
    second: j === null ? noSecond : answers[j]!,
    source,
    writers: writers ? ([writers[i]!, writers[j ?? i]!] as [string, string]) : null,
    gold: gold ?? null,
    ranking,
    place,
    hash: ranking ? sha256(`${ranking}/${place}`) : hash,
  }));
}
