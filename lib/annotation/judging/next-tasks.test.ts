// Who gets which pair where a queue wants k judgements each: by the clock, and with fifty annotators in five processes at once.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedQueue } from "../../../test/database";
import { appDb } from "../../db/client";
import { judgements } from "../../db/tables/judgements";
import { queues } from "../../db/tables/queues";
import { exclude } from "../data-checks/exclude";
import { judge, undoLast } from "./judge";
import { liveLeases } from "./leases";
import { takeTasks } from "./next-tasks";
import { tallyOf } from "./tally";
import { openPairs } from "./tally-state";

const minute = 60_000;
let folder: string;
beforeAll(() => {
  folder = freshDatabase();
  seedQueue(0, 50);
});

function queueWith(overlap: number, pairs: number): number {
  const id = seedQueue(pairs, 0, `overlap ${overlap}, ${pairs} pairs`);
  appDb().update(queues).set({ overlap }).where(eq(queues.id, id)).run();
  return id;
}
const ids = (annotator: number, queue: number, now: number, limit = 10) =>
  takeTasks(annotator, queue, limit, now).map(({ id }) => id);
const vote = (annotator: number, itemId: number, now: number, kind: "left" | "skip" = "left") =>
  judge(
    annotator,
    { key: randomUUID(), itemId, choice: kind === "left" ? { kind, strength: 1 } : { kind }, activeMs: 1 },
    now,
  );
const extras = (queue: number) =>
  appDb().get<{ count: number }>(
    sql`SELECT count(*) AS count FROM judgements JOIN items ON items.id = item_id WHERE queue_id = ${queue} AND extra = 1`,
  )!.count;

test("a pair lies before one person at a time, comes back after a quarter of an hour, and a late vote is kept as an extra", () => {
  const queue = queueWith(1, 4);
  const [first, second] = ids(1, queue, 0, 2) as [number, number];
  expect(ids(1, queue, minute, 2)).toEqual([first, second]); // one's own pairs stay one's own
  const [third, fourth] = ids(2, queue, minute) as [number, number];
  expect(new Set([first, second, third, fourth]).size).toBe(4);
  expect(ids(3, queue, minute)).toEqual([]);
  vote(1, first, minute);
  expect(ids(3, queue, 17 * minute)).toEqual([second, third, fourth]); // what the others held is free again
  vote(3, second, 17 * minute);
  expect(extras(queue)).toBe(0);
  vote(1, second, 18 * minute);
  expect(extras(queue)).toBe(1);
});

test("a skip leaves the place to somebody else, and an undo takes it back", () => {
  const queue = queueWith(1, 1);
  const [pair] = ids(1, queue, 0) as [number];
  vote(1, pair, 0, "skip");
  expect(ids(1, queue, 0)).toEqual([]);
  expect(ids(2, queue, 0)).toEqual([pair]);
  vote(2, pair, 0);
  expect(openPairs(tallyOf(queue), 1)).toBe(0);
  undoLast(2, queue, randomUUID(), 0);
  expect(openPairs(tallyOf(queue), 1)).toBe(1);
  expect(ids(2, queue, 0)).toEqual([pair]);
});

test("a vote ends the lease of its place, and its undo holds it again for a quarter of an hour", () => {
  const queue = queueWith(1, 3);
  const held = (now: number) =>
    liveLeases(now).filter(({ itemId }) => tallyOf(queue).tasks.some(({ id }) => id === itemId));
  const [first] = ids(1, queue, minute) as [number];
  expect(held(2 * minute)).toHaveLength(3);
  vote(1, first, 2 * minute);
  expect(held(2 * minute)).toHaveLength(2);
  expect(ids(2, queue, 20 * minute)).not.toContain(first);
  undoLast(1, queue, randomUUID(), 30 * minute);
  expect(ids(3, queue, 44 * minute)).not.toContain(first);
  expect(ids(3, queue, 46 * minute)).toContain(first);
});

test("a complete record is given out again once it is open again: included, its annotation taken back, or more of them asked for", () => {
  const queue = queueWith(1, 5);
  const all = ids(1, queue, 0);
  const [first, ...others] = all as [number, ...number[]];
  const excludeFirst = (excluded: boolean) => exclude(1, { itemIds: [first], excluded, reason: "" }, 0);
  excludeFirst(true);
  for (const id of others) vote(1, id, 0);
  const later = 16 * minute;
  expect(ids(2, queue, later)).toEqual([]);
  excludeFirst(false);
  expect(ids(3, queue, later)).toEqual([first]);
  vote(3, first, later);
  expect(ids(2, queue, later)).toEqual([]);
  appDb().update(queues).set({ overlap: 2 }).where(eq(queues.id, queue)).run();
  expect(ids(2, queue, later)).toEqual(all);
  for (const id of all) vote(2, id, later);
  expect(ids(4, queue, later)).toEqual([]);
  undoLast(2, queue, randomUUID(), later);
  expect(ids(4, queue, 2 * later)).toEqual(all.slice(-1));
});

test("50 annotators in 5 processes, 1,000 pairs, 2 judgements each: none beyond, and the two see opposite sides", async () => {
  const queue = queueWith(2, 1000);
  const started = Array.from({ length: 5 }, (_, i) => {
    const args = ["scripts/program.mjs", "test/judge-together.ts", 10 * i + 1, 10 * i + 10, queue, 2].map(String);
    const child = spawn(process.execPath, args, {
      env: { ...process.env, WORKBENCH_DATA: folder },
      stdio: ["ignore", "ignore", "inherit"],
    });
    return new Promise<number | null>((resolve) => child.once("close", resolve));
  });
  expect(await Promise.all(started)).toEqual([0, 0, 0, 0, 0]);
  const rows = appDb()
    .select({
      votes: sql<number>`count(*)`,
      left: sql<number>`count(DISTINCT shown_left)`,
      extra: sql<number>`sum(extra)`,
    })
    .from(judgements)
    .where(sql`item_id IN (SELECT id FROM items WHERE queue_id = ${queue})`)
    .groupBy(judgements.itemId)
    .all();
  expect(rows).toHaveLength(1000);
  expect(rows.filter(({ votes, left, extra }) => votes !== 2 || left !== 2 || extra !== 0)).toEqual([]);
}, 120_000);
