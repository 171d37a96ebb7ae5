import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, importRows, seedQueue } from "../../../test/database";
import { exporters } from "../../datasets/snapshots/snapshot";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { pairsOf } from "../items/items";
import { judge, progress, undoLast } from "./judge";
import { takeTasks } from "./next-tasks";
import { history } from "./own-history";
import { choiceOf, verdictsOf } from "./rankings";
import { decidedItems, votesOf } from "./standing-votes";

/** A number of answers, their order on the screen, and tiers of places. */
const ranked = fc.integer({ min: 2, max: 7 }).chain((n) => {
  const places = Array.from({ length: n }, (_, i) => i);
  return fc.record({
    order: fc.shuffledSubarray(places, { minLength: n }),
    tiers: fc
      .tuple(fc.shuffledSubarray(places, { minLength: n }), fc.array(fc.boolean(), { minLength: n, maxLength: n }))
      .map(([shuffled, cuts]) =>
        shuffled.reduce<number[][]>((tiers, place, i) => {
          if (i === 0 || cuts[i]) tiers.push([place]);
          else tiers.at(-1)!.push(place);
          return tiers;
        }, []),
      ),
  });
});

test("each pair of a ranking says what the ranking says of its two answers", () => {
  fc.assert(
    fc.property(ranked, ({ order, tiers }) => {
      const said = verdictsOf({ kind: "ranking", tiers }, order);
      const rankOf = (answer: number) => tiers.findIndex((tier) => tier.includes(order.indexOf(answer)));
      for (const [at, [i, j]] of pairsOf(order.length).entries()) {
        const apart = rankOf(j) - rankOf(i);
        expect(said[at]).toMatchObject({
          verdict: apart > 0 ? "first" : apart < 0 ? "second" : "tie",
          strength: apart === 0 ? null : Math.min(4, Math.abs(apart)),
          shownLeft: order.indexOf(i) < order.indexOf(j) ? "first" : "second",
        });
      }
      if (order.length > 2) {
        const sorted = tiers.map((tier) => tier.toSorted((a, b) => a - b));
        expect(choiceOf(said, order)).toEqual({ kind: "ranking", tiers: sorted });
      }
    }),
  );
});

test("a ranking that forgets or repeats an answer is refused, and so is a side", () => {
  expect(() => verdictsOf({ kind: "ranking", tiers: [[0], [2]] }, [0, 1, 2])).toThrow("there are answers 0 to 2");
  expect(() => verdictsOf({ kind: "ranking", tiers: [[0, 1], [1]] }, [0, 1, 2])).toThrow("there are answers 0 to 2");
  expect(() => verdictsOf({ kind: "left", strength: 1 }, [0, 1, 2])).toThrow("a ranking of 3 answers");
});

let queue: number;
beforeAll(async () => {
  freshDatabase();
  seedQueue(0, 3);
  queue = await importRows("rankings", [
    { prompt: "p", answers: ["one", "two", "three"], writers: ["x", "y", "z"] },
    { prompt: "q", answers: ["left", "right"] },
    { prompt: "r", answers: ["a", "b", "c", "d"], source: "here" },
  ]);
});
const rowsOf = (annotator: number) =>
  appDb().select().from(judgements).where(eq(judgements.annotatorId, annotator)).all();

test("a ranking is one task: its answers in an order of one's own, the reverse for the next annotator", () => {
  expect(progress(1, queue)).toMatchObject({ total: 3, judged: 0 });
  const [mine, theirs] = [1, 2].map((annotator) =>
    takeTasks(annotator, queue, 10, 0)[0]!.answers.map(({ text }) => text),
  );
  expect(new Set(mine)).toEqual(new Set(["one", "two", "three"]));
  expect(theirs).toEqual(mine!.toReversed());
});

test("one vote ranks all its pairs; it is undone, changed and exported as one", () => {
  const [task] = takeTasks(1, queue, 1, 0);
  const place = (text: string) => task!.answers.findIndex((answer) => answer.text === text);
  const tiers = (...texts: string[][]) => texts.map((tier) => tier.map(place));
  const key = randomUUID();
  const vote = (order: number[][], revises = false, id: string = randomUUID()) =>
    judge(1, { key: id, itemId: task!.id, choice: { kind: "ranking", tiers: order }, activeMs: 9, revises }, 0);
  vote(tiers(["two"], ["three"], ["one"]), false, key);
  vote(tiers(["two"], ["three"], ["one"]), false, key); // the same key
  expect(rowsOf(1)).toHaveLength(3);
  expect(progress(1, queue)).toMatchObject({ judged: 1 });
  expect(() => vote(tiers(["one"], ["two"], ["three"]))).toThrow("annotated this record already");

  vote(tiers(["three"], ["one", "two"]), true);
  expect(rowsOf(1)).toHaveLength(3 + 3 + 3); // votes, undos, votes
  expect(votesOf(queue)).toHaveLength(3);
  expect(history(1, queue, Number.MAX_SAFE_INTEGER, 9)).toMatchObject([
    {
      choice: { kind: "ranking" },
      writers: task!.answers.map(({ text }) => ({ one: "x", two: "y", three: "z" })[text]),
    },
  ]);
  const pairs = [...decidedItems(queue)].map(({ item, balance }) =>
    balance > 0 ? [item.first, item.second] : [item.second, item.first],
  );
  expect(pairs).toEqual([
    ["three", "one"],
    ["three", "two"],
  ]);
  expect(exporters.pairs(queue).trim().split("\n")).toHaveLength(2);

  expect(undoLast(1, queue, randomUUID(), 0)).toMatchObject({ task: { id: task!.id }, choice: { kind: "ranking" } });
  expect(votesOf(queue)).toEqual([]);
});

test("skipping a ranking skips it whole", () => {
  const [task] = takeTasks(3, queue, 1, 0);
  judge(3, { key: randomUUID(), itemId: task!.id, choice: { kind: "skip" }, activeMs: 1 }, 0);
  expect(rowsOf(3).map(({ verdict }) => verdict)).toEqual(["skip", "skip", "skip"]);
  expect(takeTasks(3, queue, 1, 0)[0]!.answers).toHaveLength(2);
});

test("what was exported imports as what it was, and again as nothing new", async () => {
  const text = exporters.items(queue);
  const again = await importRows(
    "again",
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object),
  );
  expect(exporters.items(again)).toBe(text);
  const before = appDb().select().from(items).all().length;
  await importRows(
    "again",
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object),
  );
  expect(appDb().select().from(items).all()).toHaveLength(before);
});
