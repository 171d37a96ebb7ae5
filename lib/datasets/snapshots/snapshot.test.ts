import { appendFileSync } from "node:fs";
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { snapshotFile } from "../../../common/env";
import { freshDatabase, seedQueue } from "../../../test/database";
import { judge } from "../../annotation/judging/judge";
import { takeTasks } from "../../annotation/judging/next-tasks";
import { appDb } from "../../db/client";
import { snapshots } from "../../db/tables/training-sets";
import { createFreezer, snapshotPath } from "./snapshot";

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
