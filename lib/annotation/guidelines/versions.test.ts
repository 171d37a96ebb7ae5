// Versions of guidelines: who is asked to read which, and what a vote keeps of them.
import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { freshDatabase, seedQueue } from "../../../test/database";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { judge } from "../judging/judge";
import { changeQueue, rankingScreen } from "../queues/list-queues";
import { agreeToGuidelines, listGuidelines, newestGuidelines, unreadGuidelines } from "./versions";

let queue: number;
let ids: number[];
let made = 0;
beforeAll(() => {
  freshDatabase();
  seedQueue(1, 3, "people"); // raters 1 to 3
});
beforeEach(() => {
  queue = seedQueue(5, 0, `queue ${++made}`);
  const rows = appDb().select({ id: items.id }).from(items).where(eq(items.queueId, queue)).all();
  ids = rows.map(({ id }) => id);
});

const write = (guidelines: string, at: number, askToRead?: boolean) =>
  changeQueue(queue, 3, { guidelines, ...(askToRead !== undefined && { askToRead }) }, at);
const vote = (annotator: number, itemId: number, at: number, guidelines?: number) =>
  judge(
    annotator,
    {
      ...{ key: randomUUID(), itemId, choice: { kind: "left", strength: 2 }, activeMs: 1 },
      ...(guidelines !== undefined && { guidelines }),
    },
    at,
  );

test("each change of the guidelines is a version; the same text again, and another setting, are none", () => {
  write("Short is good.", 1000);
  write("Short is good.", 2000);
  changeQueue(queue, 3, { overlap: 2 }, 3000);
  write("Short and true is good.", 4000, false);
  expect(listGuidelines(queue)).toEqual([
    { number: 2, guidelines: "Short and true is good.", asks: false, who: "rater 3", at: 4000, agreed: 0 },
    { number: 1, guidelines: "Short is good.", asks: true, who: "rater 3", at: 1000, agreed: 0 },
  ]);
});

test("whoever annotated under an earlier version reads the newer one once; a newcomer and a minor change ask nobody", () => {
  write("one", 1000);
  expect(unreadGuidelines(1, queue)).toBeNull(); // no earlier version in mind
  vote(1, ids[0]!, 1500, 1);
  write("two", 2000);
  const asked = { number: 2, who: "rater 3", at: 2000, before: "one", after: "two" };
  expect(unreadGuidelines(1, queue)).toEqual(asked);
  expect(rankingScreen(queue, 1).unread).toEqual(asked);
  expect(unreadGuidelines(2, queue)).toBeNull();
  agreeToGuidelines(1, queue, 2, 2500);
  agreeToGuidelines(1, queue, 2, 2600);
  expect(unreadGuidelines(1, queue)).toBeNull();
  write("two.", 3000, false);
  expect(unreadGuidelines(1, queue)).toBeNull();
  expect(listGuidelines(queue).map(({ number, agreed }) => [number, agreed])).toEqual([
    [3, 0],
    [2, 1],
    [1, 0],
  ]);
  write("four", 4000);
  expect(unreadGuidelines(1, queue)).toMatchObject({ number: 4, before: "two", after: "four" });
});

test("a change that asks is read with the minor ones around it", () => {
  vote(1, ids[0]!, 500, 0);
  write("one", 1000);
  write("one.", 2000, false);
  expect(unreadGuidelines(1, queue)).toMatchObject({ number: 2, before: "", after: "one." });
});

test("a vote without a version was made under that of its time", () => {
  write("one", 1000);
  vote(1, ids[0]!, 1500);
  write("two", 2000);
  expect(unreadGuidelines(1, queue)).toMatchObject({ before: "one" });
  vote(1, ids[1]!, 2500);
  expect(unreadGuidelines(1, queue)).toBeNull();
});

test("a late vote under older guidelines is kept as that, and does not ask again who has agreed; one under those to come is refused", () => {
  write("one", 1000);
  expect(vote(1, ids[0]!, 1500, 1)).toEqual({ extra: true }); // was not served
  write("two", 2000);
  agreeToGuidelines(1, queue, 2, 2500);
  expect(vote(1, ids[1]!, 3000, 1)).toEqual({ extra: true, newerGuidelines: 2 });
  expect(unreadGuidelines(1, queue)).toBeNull();
  expect(() => vote(1, ids[2]!, 3000, 3)).toThrow("version 3 of the guidelines, but the newest of this dataset is 2");
  expect(() => agreeToGuidelines(1, queue, 3, 3000)).toThrow("no version 3");
  expect(newestGuidelines(queue)).toBe(2);
});
