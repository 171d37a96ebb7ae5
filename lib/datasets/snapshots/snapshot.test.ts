import { appendFileSync, readFileSync } from "node:fs";
import { eq } from "drizzle-orm";
import { expect, test, vi } from "vitest";
import { snapshotFile } from "../../../common/env";
import { freshDatabase, importRows, seedQueue, seedRun } from "../../../test/database";
import { runsOnQueue } from "../../access/hidden-runs";
import { keepLabels } from "../../annotation/items/given-labels";
import { judge } from "../../annotation/judging/judge";
import { takeTasks } from "../../annotation/judging/next-tasks";
import { appDb } from "../../db/client";
import { runs } from "../../db/tables/runs";
import { snapshots } from "../../db/tables/training-sets";
import { duplicateQueue } from "../manage/duplicate-queue";
import { createFreezer, snapshotPath } from "./freezer";
import { exportQueue } from "./snapshot";

test("F9: a snapshot whose file was changed after it was taken is refused, and named with both hashes", () => {
  freshDatabase();
  const queueId = seedQueue(1);
  const itemId = takeTasks(1, queueId, 1, 0)[0]!.id;
  judge(1, { key: "one", itemId, choice: { kind: "left", strength: 3 }, activeMs: 1000 }, Date.now());
  const { id } = createFreezer(0)(queueId, "pairs")!;
  const { sha256 } = appDb().select().from(snapshots).where(eq(snapshots.id, id)).get()!;
  expect(snapshotPath(id)).toBe(snapshotFile(sha256));
  appendFileSync(snapshotFile(sha256), '{"prompt":"a","chosen":"c","rejected":"b"}\n');
  expect(() => snapshotPath(id)).toThrow("was changed after it was saved");
  expect(() => snapshotPath(id)).toThrow(`should be ${sha256.slice(0, 12)}`);
});

test("a dataset and its copy with equal labels are frozen each as its own, and a run on the copy is the copy's", async () => {
  freshDatabase();
  const row = { prompt: [{ role: "user", content: "2+2?" }], answers: ["4", "5"], source: "" };
  const original = await importRows("sums", [row]);
  keepLabels(original, [{ ...row, strength: 1 }], 0);
  const copy = await duplicateQueue(original, 0);
  const [first, second] = [original, copy].map((queue) => createFreezer(0)(queue, "pairs")!.id);
  expect(second).not.toBe(first);
  expect(createFreezer(1)(copy, "pairs")!.id).toBe(second); // frozen again it is the same
  expect(snapshotPath(second!)).toBe(snapshotPath(first!));
  seedRun("on the copy");
  const config = { ...appDb().select().from(runs).get()!.config, data: { train: `snapshot:${second}` } };
  appDb()
    .update(runs)
    .set({ config: config as never })
    .run();
  expect([original, copy].map((queue) => runsOnQueue(queue).length)).toEqual([0, 1]);
});

test("rows of several pieces are frozen as they are exported, and no string holds them all", async () => {
  freshDatabase();
  const rows = Array.from({ length: 1001 }, (_, i) => {
    return { prompt: [{ role: "user", content: `${i}? ü` }], answers: ["4", "5"], source: "" };
  });
  const queue = await importRows("many", rows);
  const labelled = rows.map((row) => ({ ...row, strength: 1 }));
  keepLabels(queue, labelled, 0);
  const joined = vi.spyOn(Array.prototype, "join");
  const { id } = createFreezer(0)(queue, "pairs")!;
  const longest = Math.max(...joined.mock.results.map(({ value }) => (value as string).length));
  joined.mockRestore();
  const text = readFileSync(snapshotPath(id), "utf8");
  expect(text).toBe(exportQueue(queue));
  expect(longest).toBeLessThan(text.length);
  expect(appDb().select().from(snapshots).where(eq(snapshots.id, id)).get()).toMatchObject({ rows: 1001 });
});
