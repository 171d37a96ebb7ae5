import { eq } from "drizzle-orm";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { freshDatabase, seedQueue } from "../../../test/database";
import { keepLabels } from "../../annotation/items/given-labels";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { exported } from "./exported";
import { exporters } from "./snapshot";

beforeAll(() => void freshDatabase());
afterEach(() => void vi.restoreAllMocks());

test("P4: what many votes are exported as is written by a program of its own, to the same bytes", {
  tags: "long",
}, async () => {
  const queue = seedQueue(2001);
  const common = { annotatorId: 1, kind: "vote", verdict: "first", strength: 2, shownLeft: "first" } as const;
  appDb().transaction((tx) => {
    for (const { id } of tx.select({ id: items.id }).from(items).all())
      tx.insert(judgements)
        .values({ ...common, key: `vote ${id}`, itemId: id, activeMs: 1, createdAt: 0 })
        .run();
  });
  const here = { pairs: exporters.pairs(queue), parquet: Buffer.from(exporters.parquet(queue)) };
  const written = vi.spyOn(exporters, "pairs");
  expect(Buffer.from(await exported("pairs", queue, {})).toString("utf8")).toBe(here.pairs);
  expect(Buffer.from(await exported("parquet", queue, {})).equals(here.parquet)).toBe(true);
  expect(written).not.toHaveBeenCalled();
});

test("so is what many labels that came with a file are exported as, though nobody has voted; and every record as it came", async () => {
  const queue = seedQueue(2001, 0, "imported");
  const rows = appDb().select().from(items).where(eq(items.queueId, queue)).all();
  keepLabels(
    queue,
    rows.map(({ prompt, first, second }) => ({ prompt, answers: [first, second], source: "test", strength: 1 })),
    0,
  );
  const here = { pairs: exporters.pairs(queue), items: exporters.items(queue) };
  expect(here.pairs.trim().split("\n")).toHaveLength(2001);
  const written = [vi.spyOn(exporters, "pairs"), vi.spyOn(exporters, "items")];
  expect(Buffer.from(await exported("pairs", queue, {})).toString("utf8")).toBe(here.pairs);
  expect(Buffer.from(await exported("items", queue, {})).toString("utf8")).toBe(here.items);
  for (const one of written) expect(one).not.toHaveBeenCalled();
});
