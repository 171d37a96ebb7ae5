// Comments on records: who sees them, who changes them, whom they name.
import { and, asc, eq } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { may, type Role, roles } from "../../../spec/roles";
import { freshDatabase, seedQueue } from "../../../test/database";
import { asAsked } from "../../access/asked";
import { exportCounts } from "../../datasets/snapshots/export-counts";
import { eventsOf } from "../../datasets/snapshots/queue-events";
import { appDb } from "../../db/client";
import { annotators } from "../../db/tables/annotators";
import { comments } from "../../db/tables/comments";
import { items } from "../../db/tables/items";
import { addItems } from "../items/items";
import { judge, undoLast } from "../judging/judge";
import { noteServed } from "../judging/served";
import { recordIdsOf } from "../records/list-records";
import { recordFilter } from "../records/records-schema";
import { commentsBeside, commentsOn } from "./list-comments";
import { mentionsOf, readMentions } from "./mentions";
import { namedIn, peopleOn } from "./people";
import { seenBeside } from "./who-sees";
import { changeComment, deleteComment, writeComment } from "./write-comments";

const [anna, ben, rita] = [1, 2, 3];
let queue: number;
let ids: number[];
let made = 0;
beforeAll(() => {
  freshDatabase();
  seedQueue(1, 3, "people"); // raters 1 to 3
});
beforeEach(() => seed());

function seed(): void {
  queue = seedQueue(3, 0, `queue ${++made}`);
  const rows = appDb().select({ id: items.id }).from(items).where(eq(items.queueId, queue)).orderBy(asc(items.id));
  ids = rows.all().map(({ id }) => id);
}

const as = <T>(role: Role, work: () => T): T => {
  const user = {
    id: `the ${role}`,
    name: role,
    role,
    scopes: null,
    sessionId: null,
    annotatorId: null,
    language: null,
  };
  return asAsked({ user, permission: "signed in" }, work);
};
const write = (record: number, text: string, by = rita, now = 1000) => writeComment(queue, by, { record, text }, now);
const vote = (by: number, itemId: number, mirror = false) =>
  judge(by, { key: crypto.randomUUID(), itemId, choice: { kind: "tie" }, mirror, activeMs: 1 }, 1);
const texts = ({ comments }: { comments: { html: string }[] }) => comments.map(({ html }) => html);
const paragraph = (text: string) => `<p dir="auto">${text}</p>`;

const step = fc.record({ what: fc.constantFrom("vote", "undo", "again", "comment"), record: fc.nat(2) } as const);

test("beside a record others' comments stand only after one's own vote on it, whatever the role and the order of votes, undos and repeats", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 10 }), (steps) => {
      seed();
      const voted: number[] = []; // in their order, as undo takes the last
      const repeats = new Set<number>();
      for (const id of ids) write(id, `others on ${id}`);
      const own = new Map(ids.map((id) => [id, 0]));
      for (const { what, record } of steps) {
        const id = ids[record]!;
        if (what === "vote" && !voted.includes(id)) {
          vote(anna, id);
          voted.push(id);
        } else if (what === "undo") {
          undoLast(anna, queue, crypto.randomUUID(), 2);
          voted.pop();
        } else if (what === "again" && voted.includes(id)) {
          noteServed(anna, [{ id, mirror: true }]);
          repeats.add(id);
        } else if (what === "comment") {
          write(id, `own on ${id}`, anna);
          own.set(id, own.get(id)! + 1);
        }
        for (const role of roles)
          for (const one of ids) {
            const mine = Array.from({ length: own.get(one)! }, () => paragraph(`own on ${one}`));
            const all = [paragraph(`others on ${one}`), ...mine];
            const seen = !voted.includes(one) ? mine : repeats.has(one) ? [] : all;
            const beside = () => as(role, () => texts(commentsBeside(queue, one, anna)));
            if (may(role, "annotate")) expect(beside()).toEqual(seen);
            else expect(beside).toThrow("permission to annotate");
            const among = () => as(role, () => texts(commentsOn(queue, one, anna)));
            if (may(role, "read")) expect(among()).toEqual(all);
            else expect(among).toThrow("permission to read");
          }
      }
    }),
    { numRuns: 15 },
  );
});

test("a record that is asked again shows its comments once that is answered", () => {
  vote(anna, ids[0]!);
  write(ids[0]!, "said before", anna);
  noteServed(anna, [{ id: ids[0]!, mirror: true }]);
  expect(commentsBeside(queue, ids[0]!, anna)).toEqual({ comments: [], waits: true, reader: anna });
  vote(anna, ids[0]!, true);
  expect(texts(commentsBeside(queue, ids[0]!, anna))).toEqual([paragraph("said before")]);
});

test("whether somebody sees the others is looked up by queries that are written once", () => {
  vote(anna, ids[0]!);
  expect(seenBeside(anna, ids[0]!)).toBe("all");
  const writes = vi.spyOn(appDb(), "select");
  expect(seenBeside(anna, ids[0]!)).toBe("all");
  expect(writes).not.toHaveBeenCalled();
});

test("who wrote it edits and deletes it, nobody else, whose attempt does not tell that it is there", () => {
  const id = write(ids[0]!, "frist", anna);
  changeComment(queue, id, anna, { text: "**first**" }, 2000);
  expect(commentsOn(queue, ids[0]!, anna).comments).toEqual([
    {
      ...{ id, who: "rater 1", at: 1000, editedAt: 2000, own: "**first**", resolved: null, unread: false },
      html: '<p dir="auto"><strong>first</strong></p>',
    },
  ]);
  expect(commentsOn(queue, ids[0]!, ben).comments[0]!.own).toBeNull();
  const another = seedQueue(1, 0, `queue ${++made}`);
  for (const attempt of [
    () => changeComment(queue, id, ben, { text: "mine" }, 3000),
    () => deleteComment(queue, id, ben),
    () => deleteComment(another, id, anna),
    () => deleteComment(queue, 1e9, anna),
  ])
    expect(attempt).toThrow(/no comment \d+ of yours/);
  deleteComment(queue, id, anna);
  expect(texts(commentsOn(queue, ids[0]!, anna))).toEqual([]);
});

test("reviewers resolve a comment and open it again; annotators do not, not even their own", () => {
  const id = write(ids[0]!, "which one is meant?", anna);
  const resolve = (role: Role, resolved: boolean) => as(role, () => changeComment(queue, id, rita, { resolved }, 5000));
  expect(() => resolve("annotator", true)).toThrow("permission to review");
  resolve("reviewer", true);
  expect(commentsOn(queue, ids[0]!, anna).comments[0]!.resolved).toEqual({ who: "rater 3", at: 5000 });
  resolve("reviewer", false);
  expect(commentsOn(queue, ids[0]!, anna).comments[0]!.resolved).toBeNull();
});

test("a comment on any pair of a ranking is one on its record; another dataset's record is none", () => {
  const ranking = seedQueue(0, 0, `queue ${++made}`);
  addItems(ranking, [{ prompt: [{ role: "user", content: "rank" }], answers: ["a", "b", "c"], source: "test" }]);
  const here = and(eq(items.queueId, ranking), eq(items.place, 2));
  const last = appDb().select({ id: items.id }).from(items).where(here).get()!.id;
  const id = writeComment(ranking, anna, { record: last, text: "x" }, 1);
  expect(appDb().select().from(comments).where(eq(comments.id, id)).get()!.itemId).toBeLessThan(last);
  expect(texts(commentsOn(ranking, last, ben))).toHaveLength(1);
  expect(() => write(last, "x")).toThrow(`Dataset ${queue} has no record ${last}.`);
});

test("names stand whole after an @, in any case; of two that fit, the longer one", () => {
  const people = ["Ann", "Ann Lee", "Zoë", "c++ (new)"].map((name, i) => ({ id: i + 1, name }));
  expect(namedIn("@ann lee and @ZOË, not mail@ann.example nor @Anna", people)).toEqual([2, 3]);
  expect(namedIn("(@Ann) @c++ (new)! @Ann", people)).toEqual([1, 4]);
  expect(namedIn("@Ann", [])).toEqual([]);
});

test("on one's own machine everybody who has chosen a name can be named, models and files cannot", () => {
  appDb().insert(annotators).values({ name: "a model", kind: "judge", createdAt: 0 }).run();
  expect(peopleOn(queue).map(({ name }) => name)).toEqual(["rater 1", "rater 2", "rater 3"]);
});

test("who is named is told at once, and what it says after their vote; it is unread until they have read it", () => {
  const record = ids[0]!;
  const id = write(record, "@rater 1, which one? @rater 3 and @Rater 2 as well", rita, 7000);
  const told = { id, dataset: { id: queue, name: `queue ${made}` }, record, at: 7000 };
  const newest = (of: number) => mentionsOf(of)[0];
  expect(newest(anna)).toEqual({ ...told, unread: true, said: null });
  expect(mentionsOf(rita).map((one) => one.id)).not.toContain(id); // whoever wrote it knows
  vote(anna, record);
  expect(newest(anna)?.said).toEqual({ who: "rater 3", html: expect.stringContaining("which one?") });
  expect(commentsBeside(queue, record, anna).comments[0]!.unread).toBe(true);
  readMentions(anna, record, 8000);
  expect(newest(anna)).toMatchObject({ id, unread: false });
  expect(newest(ben)).toMatchObject({ id, unread: true }); // theirs is another's
  expect(commentsBeside(queue, record, anna).comments[0]!.unread).toBe(false);
});

test("an edited comment names whom it names now, and is no news to those it named before", () => {
  const id = write(ids[0]!, "@rater 1 @rater 2");
  readMentions(anna, ids[0]!, 2000);
  changeComment(queue, id, rita, { text: "@rater 1 only" }, 3000);
  expect(mentionsOf(anna).find((one) => one.id === id)?.unread).toBe(false);
  expect(mentionsOf(ben).map((one) => one.id)).not.toContain(id);
  deleteComment(queue, id, rita);
  expect(mentionsOf(anna).map((one) => one.id)).not.toContain(id);
});

test("a record with an open comment is found by that, until it is resolved", () => {
  const id = write(ids[1]!, "which?");
  const found = () => recordIdsOf(queue, recordFilter.parse({ status: ["discussed"] }));
  expect(found()).toEqual([ids[1]]);
  changeComment(queue, id, rita, { resolved: true }, 2000);
  expect(found()).toEqual([]);
});

test("the exported events have the comments as they are, and are counted with them", () => {
  const before = exportCounts(queue).events;
  const id = write(ids[0]!, "first", anna);
  changeComment(queue, id, rita, { resolved: true }, 2000);
  expect(exportCounts(queue).events).toBe(before + 1);
  expect(eventsOf(queue).filter(({ what }) => what === "comment")).toEqual([
    {
      ...{ at: new Date(1000).toISOString(), who: "rater 1", what: "comment", id, itemId: ids[0], text: "first" },
      ...{ editedAt: null, resolvedBy: "rater 3", resolvedAt: 2000 },
    },
  ]);
});
