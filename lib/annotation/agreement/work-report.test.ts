import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedQueue } from "../../../test/database";
import { addItems } from "../items/items";
import { judge, undoLast } from "../judging/judge";
import type { Choice } from "../judging/judging-schema";
import { takeTasks } from "../judging/next-tasks";
import { queueNamed } from "../queues/new-queue";
import { workBetween } from "./work-report";

const noon = (day: number) => new Date(2026, 10, day, 12).getTime();
const vote = (
  annotator: number,
  itemId: number,
  day: number,
  seconds: number,
  more: { choice?: Choice; revises?: boolean } = {},
) =>
  judge(
    annotator,
    { key: randomUUID(), itemId, choice: { kind: "tie" }, activeMs: seconds * 1000, ...more },
    noon(day),
  );

let pairs: number[];
beforeAll(() => {
  freshDatabase();
  const queue = seedQueue(20, 2, "pairs");
  pairs = takeTasks(1, queue, 3, 0).map(({ id }) => id);
  vote(1, pairs[0]!, 2, 10);
  vote(1, pairs[1]!, 2, 20);
  undoLast(1, queue, randomUUID(), noon(2)); // the second: its time stays
  vote(1, pairs[0]!, 3, 5, { revises: true }); // in the place of the first
  vote(1, pairs[2]!, 3, 7);
  vote(2, pairs[0]!, 3, 1); // never handed out to them
  const rankings = queueNamed("rankings", 0);
  const prompt = [{ role: "user" as const, content: "?" }];
  addItems(rankings, [{ prompt, answers: ["a", "b", "c"], source: "test" }]);
  const [ranking] = takeTasks(2, rankings, 1, 0);
  vote(2, ranking!.id, 30, 12.34, { choice: { kind: "ranking", tiers: [[0], [1], [2]] } });
});

test("records that stand and the time they took, by person, dataset and day", () => {
  expect(workBetween("2026-11-01", "2026-11-30")).toEqual([
    { person: "rater 1", dataset: "pairs", day: "2026-11-02", records: 0, extras: 0, seconds: 30 },
    { person: "rater 1", dataset: "pairs", day: "2026-11-03", records: 2, extras: 0, seconds: 12 },
    { person: "rater 2", dataset: "pairs", day: "2026-11-03", records: 0, extras: 1, seconds: 1 },
    { person: "rater 2", dataset: "rankings", day: "2026-11-30", records: 1, extras: 0, seconds: 12.3 },
  ]);
  expect(workBetween("2026-11-03", "2026-11-29").map(({ day }) => day)).toEqual(["2026-11-03", "2026-11-03"]);
});
