// Assigned work: nobody is served what they were not given, and shares that add up to all annotations of a dataset are all completed.
import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { createRandom } from "../../../common/random";
import { freshDatabase, seedQueue } from "../../../test/database";
import { appDb } from "../../db/client";
import { assignedWork } from "../../db/tables/assigned-work";
import { assignments } from "../../db/tables/judgements";
import { queues } from "../../db/tables/queues";
import { onlyRecords } from "../judging/assigned-records";
import { judge } from "../judging/judge";
import { takeTasks } from "../judging/next-tasks";
import { ownRecords } from "../judging/own-records";
import { queueRow } from "../judging/queue-row";
import { tallyOf } from "../judging/tally";
import { giveWork, withdrawWork, workOf } from "./give";
import { progressOf } from "./progress";

const people = 9;
const now = new Date(2026, 10, 29, 12).getTime();
const minute = 60_000;
const hour = 60 * minute;

beforeAll(() => {
  freshDatabase();
  seedQueue(0, people);
});

let named = 0;
function queueOf(pairs: number, settings: Partial<typeof queues.$inferInsert> = {}): number {
  const id = seedQueue(pairs, 0, `work ${named++}`);
  if (Object.keys(settings).length > 0) appDb().update(queues).set(settings).where(eq(queues.id, id)).run();
  return id;
}
const give = (queue: number, annotatorId: number, records: number, due: string | null = null) =>
  giveWork(queue, { annotatorId, amount: { records }, due }, 1, now);
const giveShare = (queue: number, annotatorId: number, percent: number) =>
  giveWork(queue, { annotatorId, amount: { percent }, due: null }, 1, now);
const idsOf = (queue: number) => tallyOf(queue).tasks.map(({ id }) => id);
const has = (queue: number, person: number) => [...(onlyRecords(person, queueRow(queue)!) ?? [])];
const served = (queue: number, person: number, limit = 1000, at = now) =>
  takeTasks(person, queue, limit, at).map(({ id }) => id);
const vote = (person: number, itemId: number, kind: "left" | "skip" = "left", at = now) =>
  judge(
    person,
    { key: randomUUID(), itemId, choice: kind === "left" ? { kind, strength: 1 } : { kind }, activeMs: 1 },
    at,
  );

/** Sizes of shares that add up to `total`, each at most `most`. */
function sizes(random: () => number, total: number, most: number, count: number): number[] {
  const found = Array.from({ length: count }, () => 0);
  for (let left = total; left > 0; ) {
    const at = Math.floor(random() * count);
    if (found[at]! < most) {
      found[at]!++;
      left--;
    }
  }
  return found;
}

test("shares of any sizes that add up to all annotations are all completed, in whatever order people ask, and nobody is served beyond", () => {
  for (let seed = 0; seed < 25; seed++) {
    const random = createRandom(`work ${seed}`);
    const pairs = 1 + Math.floor(random() * 12);
    const overlap = 1 + Math.floor(random() * 3);
    const strategy = random() < 0.5 ? "file" : "random";
    const queue = queueOf(pairs, { overlap, strategy });
    const given = sizes(random, pairs * overlap, pairs, people).map((size, i) => ({ person: i + 1, size }));
    const order = given.filter(({ size }) => size > 0).sort(() => random() - 0.5);
    for (const { person, size } of order) give(queue, person, size);
    expect(order.map(({ person }) => has(queue, person).length)).toEqual(order.map(({ size }) => size));
    const own = new Map(order.map(({ person }) => [person, new Set(has(queue, person))]));
    for (let working = order.map(({ person }) => person); working.length > 0; ) {
      const person = working[Math.floor(random() * working.length)]!;
      const [next, ...more] = served(queue, person, 3);
      for (const id of next === undefined ? [] : [next, ...more]) expect(own.get(person)!.has(id)).toBe(true);
      if (next === undefined) working = working.filter((one) => one !== person);
      else expect(vote(person, next).extra).toBe(false);
    }
    for (const { person, size } of order)
      expect(progressOf(person, queue, now)).toMatchObject({ assigned: size, done: size, left: 0, state: "done" });
    expect(tallyOf(queue).tasks.map(({ opinions }) => opinions)).toEqual(Array<number>(pairs).fill(overlap));
  }
});

test("whatever is given, changed and withdrawn while people annotate, each is served their records alone, and no record gets too many", () => {
  for (let seed = 0; seed < 15; seed++) {
    const random = createRandom(`changes ${seed}`);
    const whole = (below: number) => Math.floor(random() * below);
    const overlap = [null, 1, 2][whole(3)]!;
    const queue = queueOf(12, { overlap, assignedOnly: random() < 0.3 });
    for (let step = 0; step < 40; step++) {
      const person = 1 + whole(4);
      const what = random();
      try {
        if (what < 0.15) give(queue, person, 1 + whole(12));
        else if (what < 0.25) giveShare(queue, person, 1 + whole(100));
        else if (what < 0.3) withdrawWork(queue, person);
      } catch (error) {
        expect((error as { status: number }).status).toBeOneOf([404, 409]); // nothing left to give, or nothing to withdraw
      }
      const only = onlyRecords(person, queueRow(queue)!);
      const shown = [
        ...served(queue, person, 3),
        ...ownRecords(person, queueRow(queue)!, { status: "pending", after: null }).records.map(({ id }) => id),
      ];
      if (only) expect(shown.filter((id) => !only.has(id))).toEqual([]);
      if (shown[0] !== undefined) vote(person, shown[0], random() < 0.2 ? "skip" : "left");
    }
    if (overlap !== null)
      for (const { opinions } of tallyOf(queue).tasks) expect(opinions).toBeLessThanOrEqual(overlap);
  }
});

test("the same shares given in the same order are the same records", () => {
  const chosen = [queueOf(10, { overlap: 2 }), queueOf(10, { overlap: 2 })].map((queue) => {
    give(queue, 1, 7);
    give(queue, 2, 5);
    giveShare(queue, 3, 50);
    const [first] = idsOf(queue);
    return [1, 2, 3].map((person) => has(queue, person).map((id) => id - first!));
  });
  expect(chosen[0]).toEqual(chosen[1]);
  expect(chosen[0]![0]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(chosen[0]![1]).toEqual([0, 1, 7, 8, 9]); // first what nobody has
});

test("two halves of an odd number leave no record out, with and without a number of annotations", () => {
  for (const overlap of [null, 1]) {
    const queue = queueOf(5, { overlap });
    giveShare(queue, 1, 50);
    giveShare(queue, 2, 50);
    expect(new Set([...has(queue, 1), ...has(queue, 2)])).toEqual(new Set(idsOf(queue)));
  }
});

test("what is given is kept from those who were given nothing; a skip, an end of the work and a lower number of annotations free it", () => {
  const queue = queueOf(3, { overlap: 1 });
  const [first, second, third] = idsOf(queue) as [number, number, number];
  give(queue, 1, 2);
  expect(served(queue, 2)).toEqual([third]);
  expect(served(queue, 1)).toEqual([first, second]);
  vote(1, first, "skip");
  expect(served(queue, 2)).toEqual([third, first]);
  withdrawWork(queue, 1);
  expect(served(queue, 2, 1000, now + 16 * minute)).toEqual([first, second, third]); // after the lease
  const shared = queueOf(1, { overlap: 2 });
  give(shared, 1, 1);
  give(shared, 2, 1);
  appDb().update(queues).set({ overlap: 1 }).where(eq(queues.id, shared)).run();
  expect(served(shared, 2)).toEqual(idsOf(shared));
});

test("where only those are served who were given records, others get none until they are", () => {
  const queue = queueOf(3, { assignedOnly: true });
  expect(served(queue, 1)).toEqual([]);
  expect(ownRecords(1, queueRow(queue)!, { status: "pending", after: null }).records).toEqual([]);
  give(queue, 1, 1);
  expect(served(queue, 1)).toEqual(idsOf(queue).slice(0, 1));
  const recorded = sql<number>`count(*)`;
  expect(
    appDb()
      .select({ recorded })
      .from(assignments)
      .where(eq(assignments.itemId, idsOf(queue)[1]!))
      .get(),
  ).toEqual({
    recorded: 0,
  });
});

test("more or fewer replace what was given, and keep what is done; what was annotated before is given to nobody again", () => {
  const queue = queueOf(6);
  const all = idsOf(queue);
  served(queue, 1);
  vote(1, all[0]!);
  give(queue, 1, 3);
  expect(has(queue, 1)).toEqual(all.slice(1, 4));
  vote(1, all[2]!);
  give(queue, 1, 1);
  expect(has(queue, 1)).toEqual([all[2]]);
  give(queue, 1, 100);
  expect(has(queue, 1)).toEqual(all.slice(1)); // as many as there are
  expect(appDb().select().from(assignedWork).where(eq(assignedWork.queueId, queue)).all()).toHaveLength(1);
  expect(() => give(queue, 99, 1)).toThrow("Nobody with the number 99");
  expect(workOf(queue, now).others.map(({ annotatorId }) => annotatorId)).not.toContain(1);
});

test("the pace that is needed counts today's work, by hours on the last day", () => {
  const queue = queueOf(20);
  const pace = (due: string | null, at = now) => {
    give(queue, 1, 20, due);
    return progressOf(1, queue, at)!;
  };
  expect(pace(null)).toMatchObject({ left: 20, needed: null, state: "open" });
  expect(pace("2026-12-02")).toMatchObject({ needed: { records: 5, per: "day" }, state: "open" }); // four days
  for (const id of served(queue, 1, 3)) vote(1, id);
  expect(pace("2026-12-02")).toMatchObject({ done: 3, left: 17, today: 3, needed: { records: 5, per: "day" } });
  expect(pace("2026-12-02", now + 24 * hour)).toMatchObject({ today: 0, needed: { records: 6, per: "day" } }); // 17 in three days
  expect(pace("2026-11-30")).toMatchObject({ needed: { records: 10, per: "day" }, state: "soon" });
  expect(pace("2026-11-29")).toMatchObject({ needed: { records: 2, per: "hour" }, state: "soon" }); // 17 in twelve hours
  expect(pace("2026-11-29", now + 11.9 * hour)).toMatchObject({ needed: { records: 17, per: "hour" } });
  expect(pace("2026-11-28")).toMatchObject({ left: 17, state: "late" });
});
