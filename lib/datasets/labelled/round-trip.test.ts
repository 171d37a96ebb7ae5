// What people here decided leaves as files of many forms. Imported again as labelled, each trains to the same rows, labels and all.

import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { anyRow, readRows } from "../../../common/rows/rows";
import type { Message } from "../../../spec/chat";
import { freshDatabase, seedQueue } from "../../../test/database";
import { addItems } from "../../annotation/items/items";
import { judge } from "../../annotation/judging/judge";
import { takeTasks } from "../../annotation/judging/next-tasks";
import type { ExportName } from "../snapshots/export-filter";
import { exporters } from "../snapshots/snapshot";
import { labelledPath, loadLabelled } from "./labelled-sets";

beforeAll(() => {
  freshDatabase();
  seedQueue(0, people);
});

const people = 2;
const words = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 24 })
  .filter((text) => text.trim() !== "" && !/\p{Surrogate}/u.test(text));
/** Turns that alternate and end with the user's, after a system message or none: what every form can hold. */
const conversation = fc
  .tuple(fc.option(words), fc.array(fc.tuple(words, words), { maxLength: 2 }), words)
  .map(([system, exchanges, question]): Message[] => [
    ...(system === null ? [] : [{ role: "system", content: system }]),
    ...exchanges.flatMap(([user, assistant]) => [
      { role: "user", content: user },
      { role: "assistant", content: assistant },
    ]),
    { role: "user", content: question },
  ]);
const opinion = fc.record({
  choice: fc.oneof(
    fc.record({ kind: fc.constantFrom("left" as const, "right" as const), strength: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constantFrom("tie" as const, "both_bad" as const, "skip" as const) }),
  ),
  rationale: fc.option(words),
  rewrite: fc.option(words),
});
const record = fc.record({
  prompt: conversation,
  answers: fc.uniqueArray(words, { minLength: 2, maxLength: 2 }) as fc.Arbitrary<[string, string]>,
  opinions: fc.array(opinion, { minLength: people, maxLength: people }),
});
type Judged = typeof record extends fc.Arbitrary<infer One> ? One : never;

/** A queue of these records, judged. */
function judgedQueue(records: Judged[]): number {
  const queue = seedQueue(0, 0, randomUUID());
  addItems(
    queue,
    records.map(({ prompt, answers }, i) => ({
      prompt: prompt.with(-1, { role: "user", content: `${prompt.at(-1)!.content} ${i}` }), // no record twice
      answers,
      source: "test",
    })),
  );
  for (let person = 1; person <= people; person++)
    for (const [i, { id }] of takeTasks(person, queue, records.length, 0).entries()) {
      const { choice, ...beside } = records[i]!.opinions[person - 1]!;
      judge(person, { key: randomUUID(), itemId: id, choice, ...beside, activeMs: 1 }, 0);
    }
  return queue;
}

const folder = mkdtempSync(join(tmpdir(), "workbench-round-"));
/** An export of a queue, imported again as labelled: the file that trains. */
async function back(queue: number, rows: ExportName, ending: string): Promise<string> {
  const file = join(folder, `${randomUUID()}.${ending}`);
  writeFileSync(file, exporters[rows](queue));
  const { id, bad } = await loadLabelled(`${rows} of ${queue}`, file, 0);
  expect(bad).toEqual([]);
  return labelledPath(id);
}
const text = (path: string) => readFileSync(path, "utf8");

/** What methods learn from, to the role of each turn, and the labels that some of them read. */
const trained = async (path: string) =>
  (await readRows(path, anyRow)).good.map((row) => {
    const { prompt, chosen, rejected } = row as Extract<typeof row, { kind: "preference" }>;
    const { p_chosen, strength } = row.columns;
    return { prompt, chosen, rejected, labels: [p_chosen, strength].map(Number) };
  });

const judged = fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 6 }), async (records) => {
  const queue = judgedQueue(records);
  const exported = exporters.pairs(queue);
  fc.pre(exported !== "");
  expect(text(await back(queue, "pairs", "jsonl"))).toBe(exported);
  expect(text(await back(queue, "parquet", "parquet"))).toBe(exported);
  expect(text(await back(queue, "kto", "jsonl"))).toBe(exporters.kto(queue));
  const written = exporters.rewrites(queue);
  if (written !== "") expect(text(await back(queue, "rewrites", "jsonl"))).toBe(written);
  const rows = await trained(await back(queue, "pairs", "jsonl"));
  expect(rows.length).toBeGreaterThan(0);
  expect(await trained(await back(queue, "csv", "csv"))).toEqual(rows);
  expect(await trained(await back(queue, "llama-factory", "jsonl"))).toEqual(rows);
});

test("U1, U7, DA: every export of judged pairs comes back as labelled and trains to the same rows, with strength and probability", async () => {
  await fc.assert(judged, { numRuns: 25 });
}, 120_000);
