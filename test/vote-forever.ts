// Helper of durability.test.ts: votes as fast as it can and prints each key once the vote is committed.
import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { judge } from "../lib/annotation/judging/judge";
import { takeTasks } from "../lib/annotation/judging/next-tasks";

const [annotator, queue] = process.argv.slice(2).map(Number) as [number, number];
const next = () => takeTasks(annotator, queue, 100, 0);
for (let tasks = next(); tasks.length > 0; tasks = next())
  for (const { id } of tasks) {
    const key = randomUUID();
    judge(annotator, { key, itemId: id, choice: { kind: "left", strength: 2 }, activeMs: 1 }, Date.now());
    writeSync(1, `${key}\n`);
  }
