// Who is at work on a dataset: by what they ask for and vote on, until they have done neither for three minutes.
import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedQueue } from "../../../test/database";
import { appDb } from "../../db/client";
import { annotators } from "../../db/tables/annotators";
import { judge } from "./judge";
import { servedTasks, takeTasks } from "./next-tasks";
import { presentOn } from "./presence";

const minute = 60_000;
const idsOn = (queue: number, now: number) => presentOn(queue, now).map(({ annotatorId }) => annotatorId);

beforeAll(() => {
  freshDatabase();
});

test("whoever asks for records or annotates one is there for three minutes, on that dataset alone", () => {
  const [queue, other] = [seedQueue(4, 3, "one"), seedQueue(4, 0, "two")];
  const [first] = takeTasks(1, queue, 2, 0);
  takeTasks(2, queue, 2, minute);
  servedTasks(3, queue, 2, minute); // only looks
  expect(idsOn(queue, minute)).toEqual([2, 1]);
  expect(idsOn(other, minute)).toEqual([]);

  judge(1, { key: randomUUID(), itemId: first!.id, choice: { kind: "skip" }, activeMs: 1 }, 3 * minute);
  expect(presentOn(queue, 4 * minute)).toEqual([
    { annotatorId: 1, name: nameOf(1), at: 3 * minute },
    { annotatorId: 2, name: nameOf(2), at: minute },
  ]);
  expect(idsOn(queue, 4 * minute + 1)).toEqual([1]);
  expect(idsOn(queue, 6 * minute + 1)).toEqual([]);
});

const nameOf = (id: number) => appDb().select().from(annotators).where(eq(annotators.id, id)).get()!.name;
