// Helper of serving.test.ts: annotators FROM to TO judge a queue side by side until nothing is left for any of them.
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { judge } from "../lib/annotation/judging/judge";
import { takeTasks } from "../lib/annotation/judging/next-tasks";
import { tallyOf } from "../lib/annotation/judging/tally";
import { openPairs } from "../lib/annotation/judging/tally-state";
import { retryOnBusy } from "../lib/db/busy";

const [from, to, queue, overlap] = process.argv.slice(2).map(Number) as [number, number, number, number];
while (openPairs(tallyOf(queue), overlap) > 0) {
  let judged = 0;
  for (let annotator = from; annotator <= to; annotator++) {
    const [pair] = retryOnBusy(() => takeTasks(annotator, queue, 4, Date.now()));
    if (!pair) continue;
    const input = { key: randomUUID(), itemId: pair.id, choice: { kind: "left", strength: 2 }, activeMs: 1 } as const;
    retryOnBusy(() => judge(annotator, input, Date.now()));
    judged++;
  }
  if (judged === 0) await wait(5); // the rest lies before others
}
