import { beforeAll, expect, test } from "vitest";
import { freshDatabase, rowsRead, seedQueue } from "../../../test/database";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { pairQueue } from "./pair-queue";

beforeAll(() => {
  freshDatabase();
});

test("P5: a training run that asks what people think of three pairs reads no more of a queue of 500 judged pairs than of one of 20", () => {
  const read = [20, 500].map((size) => {
    const id = seedQueue(size, size === 20 ? 1 : 0, `queue of ${size}`);
    const judged = appDb()
      .select()
      .from(items)
      .all()
      .filter(({ queueId, position }) => queueId === id && position !== 3);
    const vote = { annotatorId: 1, kind: "vote", verdict: "second", strength: 1 } as const;
    const rest = { shownLeft: "first", activeMs: 1, createdAt: 0 } as const;
    appDb().transaction(() => {
      for (const { id: itemId } of judged)
        appDb()
          .insert(judgements)
          .values({ key: `${size}/${itemId}`, itemId, ...vote, ...rest })
          .run();
    });
    const queue = pairQueue(id, "run", 0);
    const asked = [0, 1, 2].map((i) => ({
      prompt: [{ role: "user" as const, content: `question ${i}` }],
      answers: [`first ${i}`, `second ${i}`] as [string, string],
    }));
    let opinions: unknown;
    const { rows, scans } = rowsRead(() => {
      opinions = queue.opinions(asked);
    });
    expect(opinions).toEqual(["second", "second", null]);
    expect(scans).toEqual([]);
    return rows;
  });
  expect(read[1]).toBe(read[0]);
});
