// One answer at a time, good or bad: votes, undo, decisions and agreement against what the votes say by plain counting.
import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedAlone, seedQueue } from "../../../test/database";
import { exporters } from "../../datasets/snapshots/snapshot";
import { appDb } from "../../db/client";
import { judgements } from "../../db/tables/judgements";
import { krippendorffAlpha, nominal } from "../agreement/coefficients";
import { agreementOf } from "../agreement/queue-agreement";
import { listRecords } from "../records/list-records";
import { recordDetailOf } from "../records/record-detail";
import { recordFilter } from "../records/records-schema";
import { disputesOf, rule } from "../review/disputes";
import { judge, undoLast } from "./judge";
import type { Choice } from "./judging-schema";
import { takeTasks } from "./next-tasks";
import { history } from "./own-history";
import { ownSummary } from "./own-summary";
import { tallyOf } from "./tally";

const people = 3;
beforeAll(() => {
  freshDatabase();
  seedQueue(0, people);
});

let made = 0;
const queueOf = (answers: number): number => seedAlone(`answers ${made++}`, "single", answers, (i) => `answer ${i}`);
const say = (annotator: number, itemId: number, choice: Choice, more = {}) =>
  judge(annotator, { key: randomUUID(), itemId, choice, activeMs: 1, ...more }, 0);
const labels = (queue: number) =>
  exporters
    .kto(queue)
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { completion: [{ content: string }]; label: boolean; n_raters: number });

test("an answer is shown alone to everybody, and its votes are good, bad, skip and flag", () => {
  const queue = queueOf(2);
  const [task, other] = takeTasks(1, queue, 5, 0);
  expect(task).toMatchObject({ answers: [{ text: "answer 0" }] });
  expect(takeTasks(2, queue, 5, 0)[0]!.answers).toEqual(task!.answers);
  for (const choice of [{ kind: "left", strength: 2 }, { kind: "tie" }, { kind: "ranking", tiers: [[0]] }] as const)
    expect(() => say(1, task!.id, choice as Choice)).toThrow("say whether it is good or bad");
  say(1, task!.id, { kind: "bad" }, { rationale: "wrong", tags: ["untrue"] });
  say(1, other!.id, { kind: "skip" });
  expect(takeTasks(1, queue, 5, 0)).toEqual([]);
  expect(history(1, queue, Number.MAX_SAFE_INTEGER, 9).map(({ choice }) => choice)).toEqual([
    { kind: "skip" },
    { kind: "bad" },
  ]);
  expect(ownSummary(1, queue).counts).toMatchObject({ bad: 1, skip: 1, good: 0, preferred: 0 });
  expect(undoLast(1, queue, randomUUID(), 0)).toMatchObject({ choice: { kind: "skip" } });
  expect(undoLast(1, queue, randomUUID(), 0)).toMatchObject({ choice: { kind: "bad" }, rationale: "wrong" });
  expect(labels(queue)).toEqual([]);
});

test("a pair is neither good nor bad", () => {
  const { id } = takeTasks(1, seedQueue(1, 0, "a pair"), 1, 0)[0]!;
  expect(() => say(1, id, { kind: "good" })).toThrow("These are 2 answers; say which is better.");
});

test("the same request again changes nothing, and a vote that revises takes the other's place", () => {
  const queue = queueOf(1);
  const { id } = takeTasks(1, queue, 1, 0)[0]!;
  const first = { key: randomUUID(), itemId: id, choice: { kind: "good" } as const, activeMs: 1 };
  for (let i = 0; i < 2; i++) judge(1, first, 0);
  expect(appDb().select().from(judgements).where(eq(judgements.itemId, id)).all()).toHaveLength(1);
  expect(() => judge(1, { ...first, choice: { kind: "bad" } }, 0)).toThrow("idempotency key");
  expect(() => say(1, id, { kind: "bad" })).toThrow("annotated this record already");
  say(1, id, { kind: "bad" }, { revises: true });
  expect(labels(queue)).toMatchObject([{ label: false, n_raters: 1 }]);
});

test("two who disagree decide nothing until a reviewer does; good stands left in the reviewer's terms", () => {
  const queue = queueOf(2);
  for (const annotator of [1, 2]) {
    const [one, two] = takeTasks(annotator, queue, 2, 0);
    say(annotator, one!.id, { kind: annotator === 1 ? "good" : "bad" });
    say(annotator, two!.id, { kind: "good" });
  }
  expect(labels(queue)).toMatchObject([{ completion: [{ content: "answer 1" }], label: true, n_raters: 2 }]);
  const [dispute, ...others] = disputesOf(queue, 3);
  expect(others).toEqual([]);
  expect(dispute).toMatchObject({ answers: [{ text: "answer 0" }], leftProbability: 0.5, ruling: null });
  expect(dispute!.votes.map(({ side }) => side)).toEqual(["left", "right"]);
  rule(3, { itemId: dispute!.id, ruling: "right" }, 0);
  expect(labels(queue).map(({ label }) => label)).toEqual([false, true]);
  expect(recordDetailOf(queue, 3, dispute!.id, recordFilter.parse({}))).toMatchObject({
    answers: [{ text: "answer 0" }],
    votes: [{ choice: { kind: "bad" } }, { choice: { kind: "good" } }],
    decisions: [{ says: "bad" }],
  });
  rule(3, { itemId: dispute!.id, ruling: "left" }, 1);
  expect(labels(queue).map(({ label }) => label)).toEqual([true, true]);
});

test("the records browser counts what was said and shows the label", () => {
  const queue = queueOf(3);
  const [one, two] = takeTasks(1, queue, 3, 0);
  say(1, one!.id, { kind: "good" });
  say(1, two!.id, { kind: "bad" });
  const { rows, facets } = listRecords(queue, 2, recordFilter.parse({}), null);
  expect(rows.map(({ label, of, votes }) => [label, of, votes.A, votes.B])).toEqual([
    ["good", 1, 1, 0],
    ["bad", 1, 0, 1],
    [null, 1, 0, 0],
  ]);
  expect(facets!.said.map(({ value, count }) => [value, count])).toEqual([
    ["good", 1],
    ["bad", 1],
  ]);
  expect(listRecords(queue, 2, recordFilter.parse({ said: ["bad"] }), null).rows.map(({ id }) => id)).toEqual([
    two!.id,
  ]);
});

test("with an overlap of two a third vote is kept and not counted", () => {
  const queue = queueOf(1);
  const { id } = takeTasks(1, queue, 1, 0)[0]!;
  for (const annotator of [2, 3]) takeTasks(annotator, queue, 1, 0);
  appDb().run(`UPDATE queues SET overlap = 2 WHERE id = ${queue}`);
  expect([1, 2, 3].map((annotator) => say(annotator, id, { kind: annotator < 3 ? "good" : "bad" }).extra)).toEqual([
    false,
    false,
    true,
  ]);
  expect(labels(queue)).toMatchObject([{ label: true, n_raters: 2 }]);
});

const event = fc.record({
  who: fc.integer({ min: 1, max: people }),
  answer: fc.nat({ max: 24 }),
  says: fc.constantFrom("good", "bad", "skip", "undo" as const),
});

test("whatever is voted and taken back: most good or most bad votes decide, and agreement is what the standing votes say", () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 40, maxLength: 120 }), (events) => {
      const queue = queueOf(25);
      const ids = takeTasks(1, queue, 25, 0).map(({ id }) => id);
      for (const other of [2, 3]) takeTasks(other, queue, 25, 0);
      const standing = new Map<string, "good" | "bad" | "skip">(); // in the order in which they were given
      for (const { who, answer, says } of events) {
        const key = `${who}/${answer}`;
        if (says === "undo") {
          const last = [...standing.keys()].findLast((one) => one.startsWith(`${who}/`));
          expect(undoLast(who, queue, randomUUID(), 0) !== null).toBe(last !== undefined);
          if (last) standing.delete(last);
          continue;
        }
        const revises = standing.has(key);
        say(who, ids[answer]!, { kind: says }, { revises });
        standing.delete(key);
        standing.set(key, says);
      }
      const opinions = ids.map((_, answer) =>
        [1, 2, 3].flatMap((who) => {
          const says = standing.get(`${who}/${answer}`);
          return says === undefined || says === "skip" ? [] : [says];
        }),
      );
      const lead = (one: string[]) => one.filter((says) => says === "good").length * 2 - one.length;
      const decided = opinions.flatMap((one, i) =>
        lead(one) === 0 ? [] : [{ content: `answer ${i}`, label: lead(one) > 0, n: one.length }],
      );
      expect(labels(queue).map(({ completion: [{ content }], label, n_raters: n }) => ({ content, label, n }))).toEqual(
        decided,
      );
      expect(tallyOf(queue).decided).toBe(decided.length);

      const shared = opinions.filter(({ length }) => length > 1);
      const { shared: count, measures } = agreementOf(queue);
      expect(count).toBe(shared.length);
      if (!measures) return;
      let [same, all] = [0, 0];
      for (const one of shared)
        for (let i = 0; i < one.length; i++)
          for (let j = i + 1; j < one.length; j++) {
            all++;
            if (one[i] === one[j]) same++;
          }
      expect(measures.percent.value).toBeCloseTo(same / all, 12);
      const units = shared.map((one) => one.map((says) => (says === "good" ? 1 : 0)));
      expect(measures.alphaSide.value).toBeCloseTo(krippendorffAlpha(units, nominal), 12);
      expect(measures.alphaStrength.value).toBeCloseTo(measures.alphaSide.value, 12); // two values have no order
    }),
    { numRuns: 12 },
  );
});
