import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, importRows, seedQueue } from "../../../test/database";
import { exclude } from "../../annotation/data-checks/exclude";
import { agreeToGuidelines } from "../../annotation/guidelines/versions";
import { judge, undoLast } from "../../annotation/judging/judge";
import { takeTasks } from "../../annotation/judging/next-tasks";
import { returnItems } from "../../annotation/judging/returns";
import { changeQueue } from "../../annotation/queues/list-queues";
import { rule } from "../../annotation/review/disputes";
import { exportCounts } from "./export-counts";
import { exporters } from "./snapshot";

beforeAll(() => {
  freshDatabase();
  seedQueue(0, 2);
});

test("all that happened on a queue, in its order, and nothing of another queue", async () => {
  const [queue, other] = [
    await importRows("told", [{ prompt: "p", answers: ["a", "b"] }]),
    await importRows("other", [{ prompt: "p", answers: ["a", "c"] }]),
  ];
  const [itemId, elsewhere] = [1, 2];
  const vote = (annotator: number, id: number, at: number) =>
    judge(
      annotator,
      { key: randomUUID(), itemId: id, choice: { kind: "left", strength: 2 }, activeMs: 7, guidelines: 0 },
      at,
    );
  takeTasks(1, queue, 1, 0);
  vote(1, itemId, 1000);
  undoLast(1, queue, randomUUID(), 2000);
  vote(1, itemId, 3000);
  vote(2, elsewhere, 3500);
  rule(2, { itemId, ruling: "neither" }, 4000);
  returnItems(2, [itemId], "again", 5000);
  exclude(2, { itemIds: [itemId], excluded: true, reason: "ill" }, 6000);
  const events = exporters
    .events(queue)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events.map(({ what, who, at }) => [what, who, at])).toEqual([
    ["vote", "rater 1", "1970-01-01T00:00:01.000Z"],
    ["undo", "rater 1", "1970-01-01T00:00:02.000Z"],
    ["vote", "rater 1", "1970-01-01T00:00:03.000Z"],
    ["ruling", "rater 2", "1970-01-01T00:00:04.000Z"],
    ["return", "rater 2", "1970-01-01T00:00:05.000Z"],
    ["exclusion", "rater 2", "1970-01-01T00:00:06.000Z"],
  ]);
  expect(events[1]).toMatchObject({ undoes: events[0]!.seq });
  expect(events[4]).toMatchObject({ to: "rater 1", note: "again" });
  changeQueue(queue, 2, { guidelines: "Short is good." }, 7000);
  agreeToGuidelines(1, queue, 1, 8000);
  const [changed, read] = exporters.events(queue).trim().split("\n").slice(6);
  expect(JSON.parse(changed!)).toMatchObject({ what: "change", change: { guidelines: "Short is good." } });
  expect(JSON.parse(read!)).toMatchObject({ what: "read", who: "rater 1", guidelines: 1 });
  expect(exportCounts(queue).events).toBe(8);
  expect(events[0]).toMatchObject({ guidelines: 0 });
  expect(exporters.events(other).trim().split("\n")).toHaveLength(1);
});
