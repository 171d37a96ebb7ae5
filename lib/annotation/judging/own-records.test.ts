// An annotator's own records: opened by their address, listed by what they are, counted at the end.
import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { freshDatabase, seedQueue } from "../../../test/database";
import { appDb } from "../../db/client";
import { queues } from "../../db/tables/queues";
import { withRecord } from "./asked-record";
import { judge } from "./judge";
import type { Choice, OwnStatus } from "./judging-schema";
import { takeTasks } from "./next-tasks";
import { ownRecords } from "./own-records";
import { ownSummary } from "./own-summary";
import { paceOf } from "./pace";
import { returnItems } from "./returns";

let queue: number;
let made = 0;
beforeAll(() => {
  freshDatabase();
  seedQueue(1, 3, "people"); // raters 1 to 3
});
beforeEach(() => {
  queue = seedQueue(40, 0, `queue ${++made}`);
});

const ids = () => takeTasks(3, queue, 40, 0).map(({ id }) => id);
const vote = (annotator: number, itemId: number, choice: Choice, more: object = {}) =>
  judge(annotator, { key: randomUUID(), itemId, choice, activeMs: 1000, ...more }, Date.now());
const row = () => appDb().select().from(queues).where(eq(queues.id, queue)).get()!;
const left: Choice = { kind: "left", strength: 3 };

test("U18: a record that is asked for comes first, with the vote it has; a vote on it counts", () => {
  const all = ids();
  const tasks = takeTasks(1, queue, 5, 0);
  const far = withRecord(1, queue, all[30]!, tasks);
  expect(far.map(({ id }) => id)).toEqual([all[30], ...all.slice(0, 5)]);
  expect(far[0]).toMatchObject({ revises: false, said: null });
  expect(vote(1, all[30]!, left, { rationale: "short" })).toEqual({ extra: false });
  const [again] = withRecord(1, queue, all[30]!, tasks);
  expect(again).toMatchObject({ id: all[30], revises: true, said: { choice: left, rationale: "short" } });
  expect(withRecord(1, queue, 123_456, tasks)).toBe(tasks);
  expect(withRecord(1, queue, null, tasks)).toBe(tasks);
});

test("U18: what a reviewer returned stays before a record that is asked for and has no vote", () => {
  const all = ids();
  takeTasks(1, queue, 1, 0);
  vote(1, all[0]!, left);
  returnItems(2, [all[0]!], "look again", 0);
  const tasks = withRecord(1, queue, all[9]!, takeTasks(1, queue, 3, 0));
  expect(tasks.slice(0, 2).map(({ id, note }) => [id, note])).toEqual([
    [all[0], "look again"],
    [all[9], null],
  ]);
});

test("records are listed by what they are to the annotator, 25 a page, and what is listed counts as served", () => {
  const all = ids();
  takeTasks(1, queue, 3, 0);
  vote(1, all[0]!, left);
  vote(1, all[1]!, { kind: "skip" });
  vote(1, all[2]!, { kind: "flag", reason: "broken" });
  returnItems(2, [all[0]!], "look again", 0);
  const shown = (status: OwnStatus, after: number | null = null) => ownRecords(1, row(), { status, after });
  expect(shown("pending").counts).toEqual({ pending: 37, annotated: 1, skipped: 1, flagged: 1, returned: 1 });
  expect(shown("pending").records.map(({ id }) => id)).toEqual(all.slice(3, 28));
  expect(shown("pending", all[27]!).records.map(({ id }) => id)).toEqual(all.slice(28));
  expect(vote(1, all[39]!, left)).toEqual({ extra: false });
  expect(shown("annotated").records.map(({ id, said }) => [id, said?.choice])).toEqual([
    [all[0], left],
    [all[39], left],
  ]);
  expect(shown("skipped").records.map(({ id }) => id)).toEqual([all[1]]);
  expect(shown("flagged").records.map(({ id }) => id)).toEqual([all[2]]);
  expect(shown("returned").records.map(({ id }) => id)).toEqual([all[0]]);
});

test("the next page goes on after the last record shown, whatever was annotated on this one", () => {
  const all = ids();
  const first = ownRecords(1, row(), { status: "pending", after: null });
  expect(first).toMatchObject({ page: 1, pages: 2, previous: null, next: all[24] });
  for (const id of all.slice(0, 25)) vote(1, id, left);
  const second = ownRecords(1, row(), { status: "pending", after: first.next });
  expect(second.records.map(({ id }) => id)).toEqual(all.slice(25));
  expect(second).toMatchObject({ page: 1, pages: 1, previous: null, next: null }); // nothing before it is left
  const beyond = ownRecords(1, row(), { status: "pending", after: all[39]! });
  expect(beyond.records.map(({ id }) => id)).toEqual(all.slice(25));
});

test("pages are walked back, a short first one included", () => {
  const all = ids();
  const later = ownRecords(2, row(), { status: "pending", after: all[9]! });
  expect(later.records.map(({ id }) => id)).toEqual(all.slice(10, 35));
  expect(later).toMatchObject({ page: 2, pages: 3, previous: 0, next: all[34] });
  expect(ownRecords(2, row(), { status: "pending", after: later.previous }).records[0]!.id).toBe(all[0]);
});

test("where nothing can be written, the list holds what was served before, and serves nothing", () => {
  const [first, second] = takeTasks(1, queue, 2, 0).map(({ id }) => id);
  const list = () => ownRecords(1, row(), { status: "pending", after: null, frozen: true });
  appDb().$client.pragma("query_only = 1"); // as a held database refuses it
  try {
    expect(list().records.map(({ id }) => id)).toEqual([first, second]);
  } finally {
    appDb().$client.pragma("query_only = 0");
  }
});

test("where records are assigned, the list holds those assigned to the annotator, and nobody else's", () => {
  appDb().update(queues).set({ overlap: 1 }).where(eq(queues.id, queue)).run();
  const mine = ownRecords(1, row(), { status: "pending", after: null }).records.map(({ id }) => id);
  const theirs = ownRecords(2, row(), { status: "pending", after: null }).records.map(({ id }) => id);
  expect([mine.length, theirs.length]).toEqual([25, 15]);
  expect(mine.filter((id) => theirs.includes(id))).toEqual([]);
});

test("the end counts verdicts, the agreement with others on the same records, the median time, and names what is left elsewhere", () => {
  const all = ids();
  const other = seedQueue(2, 0, "other");
  vote(1, all[0]!, { kind: "tie" }, { activeMs: 9000 });
  vote(1, all[1]!, { kind: "skip" }, { activeMs: 1000 });
  const [a, b] = takeTasks(1, queue, 2, 0);
  vote(1, a!.id, left, { activeMs: 4000 });
  vote(1, b!.id, left, { activeMs: 6000 });
  // Rater 2 prefers the same answer of one record and the other one of another; which side it stood on is each rater's own.
  for (const [task, same] of [
    [a!, true],
    [b!, false],
  ] as const) {
    const shown = takeTasks(2, queue, 40, 0).find(({ id }) => id === task.id)!;
    const isLeft = shown.answers[0]!.text === task.answers[0]!.text;
    vote(2, task.id, { kind: isLeft === same ? "left" : "right", strength: 1 });
  }
  expect(ownSummary(1, queue)).toEqual({
    counts: { preferred: 2, good: 0, bad: 0, tie: 1, both_bad: 0, skip: 1, flag: 0 },
    paceMs: 6000, // of 1, 4, 6 and 9 s the upper one of the middle two
    others: { agreed: 1, of: 2 },
    next: { id: other, name: "other", left: 2 }, // the next one after this
  });
  expect(paceOf(3, queue)).toBeNull();
});

test("U19: tags go with a vote, are kept where a change does not name them, and a repeated request must name the same", () => {
  const [id] = ids();
  const key = randomUUID();
  vote(1, id!, left, { key, tags: ["clearer", "safer"] });
  vote(1, id!, left, { key, tags: ["clearer", "safer"] });
  expect(() => vote(1, id!, left, { key, tags: ["clearer"] })).toThrow(/idempotency key/);
  vote(1, id!, { kind: "tie" }, { revises: true });
  const said = () => ownRecords(1, row(), { status: "annotated", after: null }).records[0]?.said;
  expect(said()).toMatchObject({ choice: { kind: "tie" }, tags: ["clearer", "safer"] });
  vote(1, id!, { kind: "tie" }, { revises: true, tags: null });
  expect(said()?.tags).toBeNull();
});

test("the next dataset is one in which the annotator can go on: below the limit, with a place left, an extra vote no agreement", () => {
  const change = (id: number, set: Partial<typeof queues.$inferInsert>) =>
    appDb().update(queues).set(set).where(eq(queues.id, id)).run();
  const [limited, full, open] = ["limited", "full", "open"].map((name) => seedQueue(3, 0, `${name} ${queue}`));
  const next = () => ownSummary(1, queue).next;
  expect(next()).toMatchObject({ id: limited, left: 3 });
  change(limited!, { quota: 1 });
  expect(next()).toMatchObject({ id: limited, left: 1 });
  vote(1, takeTasks(1, limited!, 1, 0)[0]!.id, left);
  expect(next()).toMatchObject({ id: full, left: 3 });
  const others = takeTasks(2, full!, 3, 0).map(({ id }) => id);
  for (const id of others) vote(2, id, left);
  change(full!, { overlap: 1 });
  expect(next()).toMatchObject({ id: open, left: 3 });
  expect(vote(1, others[0]!, left)).toEqual({ extra: true });
  expect(ownSummary(1, full!)).toMatchObject({ counts: { preferred: 1 }, others: { agreed: 0, of: 0 } });
});
