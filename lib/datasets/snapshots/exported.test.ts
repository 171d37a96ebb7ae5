import { expect, test, vi } from "vitest";
import { freshDatabase, seedQueue } from "../../../test/database";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { exported } from "./exported";
import { exporters } from "./snapshot";

test("P4: what many votes are exported as is written by a program of its own, to the same bytes", async () => {
  freshDatabase();
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
