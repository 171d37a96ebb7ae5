// Queues that an import was filling when its process ended are dropped at the next start, a part at a time; nothing brings them back before.
import { spawnSync } from "node:child_process";
import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedQueue } from "../../../test/database";
import { file } from "../../../test/program";
import { restoreQueue } from "../../datasets/manage/remove-dataset";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { queues } from "../../db/tables/queues";
import { thisProcess } from "../../this-process";
import { keepLabels } from "../items/given-labels";
import { addItems } from "../items/items";
import { tallyOf } from "../judging/tally";
import { loadPairs } from "./load-pairs";
import { dropHalfFilled, dropQueue, hiddenQueue, showQueue } from "./new-queue";

beforeAll(() => {
  freshDatabase();
});

const pair = (i: number) => ({ prompt: [{ role: "user", content: `q ${i}` }], answers: ["a", "b"], source: "" });
function filling(name: string, rows: number): number {
  const { id } = hiddenQueue(name, 0);
  const given = Array.from({ length: rows }, (_, i) => ({ ...pair(i), strength: 1 }));
  addItems(id, given);
  keepLabels(id, given, 0);
  return id;
}
const rowsOf = (id: number) => [
  appDb().select().from(queues).where(eq(queues.id, id)).all().length,
  appDb().select().from(items).where(eq(items.queueId, id)).all().length,
];
/** The name of a process that has ended. */
const ended = () =>
  spawnSync(process.execPath, [
    ...["--import", "tsx", "--input-type=module", "-e"],
    'const { thisProcess } = await import("./lib/this-process.ts"); process.stdout.write(thisProcess());',
  ]).stdout.toString();

test("what a process left half full goes; what a living one fills, and every other dataset, stays", async () => {
  const [kept, left, whole] = [filling("in hand", 2), filling("left", 1200), seedQueue(3, 1)];
  appDb().update(queues).set({ filledBy: ended() }).where(eq(queues.id, left)).run();
  expect(tallyOf(left).tasks).toHaveLength(1200);
  restoreQueue(left);
  expect(appDb().select().from(queues).where(eq(queues.id, left)).get()!.deletedAt).not.toBeNull();
  expect(await dropHalfFilled()).toBe(1);
  expect([rowsOf(left), rowsOf(kept), rowsOf(whole)]).toEqual([
    [0, 0],
    [1, 2],
    [1, 3],
  ]);
  expect(tallyOf(left).tasks).toEqual([]);
  expect(appDb().get(sql`SELECT count(*) AS left FROM judgements WHERE item_id NOT IN (SELECT id FROM items)`)).toEqual(
    {
      left: 0,
    },
  );
  showQueue(kept);
  expect(await dropHalfFilled()).toBe(0);
});

test("a process of another container counts as ended once it has stored nothing for ten minutes; an import drops what it left", async () => {
  const [mine, other] = [filling("mine", 2), filling("of a container", 2)];
  const [pid, began, , boot] = thisProcess().split(" ");
  const long = { filledAt: Date.now() - 11 * 60_000 };
  appDb().update(queues).set(long).where(eq(queues.id, mine)).run(); // it lives, as its number says
  const elsewhere = { filledBy: [pid, began, "pid:[1]", boot].join(" ") };
  appDb().update(queues).set(elsewhere).where(eq(queues.id, other)).run();
  expect(await dropHalfFilled()).toBe(0);
  appDb().update(queues).set(long).where(eq(queues.id, other)).run();
  const rows = file(
    "two.jsonl",
    [1, 2].map((i) => JSON.stringify({ prompt: `${i}?`, answers: ["a", "b"] })).join("\n"),
  );
  const { queueId } = await loadPairs("whole", rows, 0);
  expect([rowsOf(other), rowsOf(mine), rowsOf(queueId)]).toEqual([
    [0, 0],
    [1, 2],
    [1, 2],
  ]);
  await dropQueue(mine);
});

test("others get their turn while a queue is dropped", async () => {
  const id = filling("long", 1600);
  let turns = 0;
  const count = () => {
    turns++;
    counting = setImmediate(count);
  };
  let counting = setImmediate(count);
  await dropQueue(id);
  clearImmediate(counting);
  expect(rowsOf(id)).toEqual([0, 0]);
  expect(turns).toBeGreaterThanOrEqual(3); // one after each five hundred
});
