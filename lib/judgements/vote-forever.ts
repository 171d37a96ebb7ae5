// Helper of durability.test.ts: votes as fast as it can and prints each key once the vote is committed.
import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { judge, nextPairs } from "./store";

const [annotator, queue] = process.argv.slice(2).map(Number) as [number, number];
for (const { id } of nextPairs(annotator, queue, 20_000)) {
  const key = randomUUID();
  judge(annotator, { key, itemId: id, choice: { kind: "left", strength: 2 }, activeMs: 1 }, Date.now());
  writeSync(1, `${key}\n`);
}
