import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedQueue } from "../../../test/database";
import { appDb } from "../../db/client";
import { judgements } from "../../db/tables/judgements";
import { judge, progress, undoLast } from "./judge";
import { type Choice, judgementInput } from "./judging-schema";
import { takeTasks } from "./next-tasks";
import { shownLeft } from "./sides";
import { decidedItems, rewritesOf } from "./standing-votes";

const left: Choice = { kind: "left", strength: 3 };
let queue: number;
beforeAll(() => {
  freshDatabase();
  queue = seedQueue(40, 8);
});

const vote = (annotator: number, itemId: number, choice: Choice, key: string = randomUUID()) =>
  judge(annotator, { key, itemId, choice, activeMs: 1000 }, Date.now());
const rows = () => appDb().select({ count: sql<number>`count(*)` }).from(judgements).get()!.count;

test("the next pairs are those not judged yet, in order", () => {
  const [first, second] = takeTasks(1, queue, 2, 0);
  vote(1, first!.id, left);
  expect(takeTasks(1, queue, 1, 0)[0]!.id).toBe(second!.id);
  expect(takeTasks(2, queue, 1, 0)[0]!.id).toBe(first!.id); // another annotator has not judged it
});

test("left and right are stored as the answers that stood there", () => {
  const [pair] = takeTasks(3, queue, 1, 0);
  vote(3, pair!.id, { kind: "right", strength: 4 });
  const stored = appDb().select().from(judgements).where(sql`annotator_id = 3`).get()!;
  expect(stored.shownLeft).toBe(shownLeft(3, pair!.id));
  expect(stored.verdict).toBe(stored.shownLeft === "first" ? "second" : "first");
  expect(pair!.answers[0]!.text.startsWith(stored.shownLeft)).toBe(true);
});

test("the same key stores once; a second vote on an item is refused", () => {
  const [pair] = takeTasks(4, queue, 1, 0);
  const key = randomUUID();
  const before = rows();
  vote(4, pair!.id, left, key);
  vote(4, pair!.id, left, key);
  expect(rows()).toBe(before + 1);
  expect(() => vote(4, pair!.id, { kind: "tie" })).toThrow(/annotated this record already/);
});

test("undo goes back one vote at a time, to the beginning, and deletes nothing", () => {
  const start = takeTasks(5, queue, 40, 0).map(({ id }) => id);
  for (const id of start.slice(0, 10)) vote(5, id, left);
  const before = rows();
  for (const id of start.slice(0, 10).reverse())
    expect(undoLast(5, queue, randomUUID(), 0)).toMatchObject({ task: { id }, choice: left });
  expect(undoLast(5, queue, randomUUID(), 0)).toBeNull();
  expect(rows()).toBe(before + 10);
  expect(takeTasks(5, queue, 40, 0).map(({ id }) => id)).toEqual(start);
});

test("an undo sent twice undoes once", () => {
  const [a, b] = takeTasks(6, queue, 2, 0);
  vote(6, a!.id, left);
  vote(6, b!.id, left);
  const key = randomUUID();
  expect(undoLast(6, queue, key, 0)!.task.id).toBe(b!.id);
  expect(undoLast(6, queue, key, 0)!.task.id).toBe(b!.id);
  expect(progress(6, queue)).toMatchObject({ judged: 1 });
});

// A model of what an annotator expects: a stack of votes.
test("any sequence of votes and undos leaves what a stack would", () => {
  let annotator = 7;
  const action = fc.oneof(
    fc.constant("undo" as const),
    fc.constantFrom<Choice>(
      left,
      { kind: "right", strength: 1 },
      { kind: "tie" },
      { kind: "both_bad" },
      { kind: "skip" },
    ),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
      const all = takeTasks(annotator, queue, 40, 0).map(({ id }) => id);
      const stack: number[] = [];
      for (const next of actions)
        if (next === "undo") expect(undoLast(annotator, queue, randomUUID(), 0)?.task.id).toBe(stack.pop());
        else {
          const [pair] = takeTasks(annotator, queue, 1, 0);
          vote(annotator, pair!.id, next);
          stack.push(pair!.id);
        }
      expect(takeTasks(annotator, queue, 40, 0).map(({ id }) => id)).toEqual(all.filter((id) => !stack.includes(id)));
      while (stack.length > 0) expect(undoLast(annotator, queue, randomUUID(), 0)?.task.id).toBe(stack.pop());
      annotator = annotator === 7 ? 8 : 7;
    }),
    { numRuns: 25 },
  );
});

test("sides: even on the whole, opposite for two neighbouring annotators", () => {
  const items = Array.from({ length: 10_000 }, (_, i) => i);
  const share = items.filter((item) => shownLeft(1, item) === "first").length / items.length;
  expect(Math.abs(share - 0.5)).toBeLessThan(0.02);
  expect(items.every((item) => shownLeft(1, item) !== shownLeft(2, item))).toBe(true);
});

test("decided: the balance of strengths; ties, skips and disagreement of equal strength decide nothing", () => {
  const queue = (() => {
    appDb().run(sql`INSERT INTO queues (name, about, created_at) VALUES ('decide', '', 0)`);
    const { id } = appDb().get<{ id: number }>(sql`SELECT id FROM queues WHERE name = 'decide'`);
    for (let i = 0; i < 3; i++)
      appDb().run(
        sql`INSERT INTO items (queue_id, position, prompt, first, second, source, hash) VALUES (${id}, ${i}, '[]', 'a', 'b', '', ${`d${i}`})`,
      );
    return id;
  })();
  const [one, two, three] = takeTasks(1, queue, 3, 0).map(({ id }) => id) as [number, number, number];
  takeTasks(2, queue, 3, 0);
  const prefer = (annotator: number, item: number, answer: "first" | "second", strength: number) =>
    vote(annotator, item, { kind: shownLeft(annotator, item) === answer ? "left" : "right", strength });
  prefer(1, one, "first", 3);
  prefer(2, one, "second", 1);
  prefer(1, two, "second", 2);
  prefer(2, two, "first", 2);
  vote(1, three, { kind: "tie" });
  expect([...decidedItems(queue)]).toMatchObject([{ item: { id: one }, balance: 2, raters: 2 }]);
});

test("what is written beside a vote is kept with it, comes back with its undo, and leaves as rows of its own", () => {
  const other = seedQueue(3, 0, "words");
  const [first, second, third] = takeTasks(1, other, 3, 0);
  const input = {
    key: randomUUID(),
    itemId: first!.id,
    choice: left,
    activeMs: 1,
    rationale: "It is right.",
    rewrite: "Better.",
  };
  judge(1, judgementInput.parse(input), 0);
  judge(
    1,
    judgementInput.parse({ ...input, key: randomUUID(), itemId: second!.id, rationale: " ", rewrite: undefined }),
    0,
  );
  vote(1, third!.id, { kind: "flag", reason: "unsafe" });
  expect([...rewritesOf(other)].map(({ item, rewrite }) => [item.id, rewrite])).toEqual([[first!.id, "Better."]]);
  const decided = [...decidedItems(other)];
  expect(
    decided.map(({ item, raters, votes }) => [item.id, raters, votes.flatMap(({ rationale }) => rationale ?? [])]),
  ).toEqual([
    [first!.id, 1, ["It is right."]],
    [second!.id, 1, []], // a flag decides nothing, and an empty text is none
  ]);
  expect(undoLast(1, other, randomUUID(), 0)).toMatchObject({ choice: { kind: "flag", reason: "unsafe" } });
  undoLast(1, other, randomUUID(), 0);
  expect(undoLast(1, other, randomUUID(), 0)).toMatchObject({ rationale: "It is right.", rewrite: "Better." });
  expect([...rewritesOf(other)]).toEqual([]);
});
