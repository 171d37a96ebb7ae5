// The first wrong step of a solution: votes, undo, disputes and agreement against what the votes say by plain counting, and what leaves as rows.
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { readRow } from "../../../common/rows/formats";
import { asStepwise } from "../../../common/rows/rows";
import { freshDatabase, seedAlone, seedQueue } from "../../../test/database";
import { createFreezer, rowsFor, snapshotPath } from "../../datasets/snapshots/freezer";
import { exporters } from "../../datasets/snapshots/snapshot";
import { wrongSolutions } from "../../datasets/snapshots/wrong-solutions";
import { krippendorffAlpha, nominal, percentAgreement } from "../agreement/coefficients";
import { agreementOf } from "../agreement/queue-agreement";
import { addItems } from "../items/items";
import { changeQueue } from "../queues/list-queues";
import { loadPairs } from "../queues/load-pairs";
import { queueNamed } from "../queues/new-queue";
import { recordDetailOf } from "../records/record-detail";
import { recordFilter } from "../records/records-schema";
import { disputesOf, rule } from "../review/disputes";
import { judge, undoLast } from "./judge";
import type { Choice } from "./judging-schema";
import { takeTasks } from "./next-tasks";
import { history } from "./own-history";
import { ownSummary } from "./own-summary";
import { tallyOf } from "./tally";
import { against } from "./tally-state";

beforeAll(() => {
  freshDatabase();
  seedQueue(0, 3);
});

let made = 0;
/** Solutions of four steps each. */
const queueOf = (solutions: number): number =>
  seedAlone(`solutions ${made++}`, "steps", solutions, (i) =>
    ["one", "two", "three", "four"].map((word) => `${word} of ${i}`).join("\n"),
  );
const say = (annotator: number, itemId: number, choice: Choice, more = {}) =>
  judge(annotator, { key: randomUUID(), itemId, choice, activeMs: 1, ...more }, 0);
const wrong = (step: number): Choice => ({ kind: "step", step });
interface Row {
  prompt: string;
  completions: string[];
  labels: boolean[];
  n_raters: number;
  labelled_by?: string;
}
const rowsIn = (text: string): Row[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row);
const rows = (queue: number) => rowsIn(exporters.stepwise(queue));

test("a solution is shown by its steps; votes name one of them, undo and history say which", () => {
  const queue = queueOf(2);
  const [task, other] = takeTasks(1, queue, 5, 0);
  expect(task!.steps!.map(({ text }) => text.trim())).toEqual(["one of 0", "two of 0", "three of 0", "four of 0"]);
  for (const choice of [{ kind: "good" }, { kind: "bad" }, wrong(5), { kind: "left", strength: 1 }] as Choice[])
    expect(() => say(1, task!.id, choice)).toThrow("This is a solution of 4 steps");
  const first = { key: randomUUID(), itemId: task!.id, choice: wrong(3), activeMs: 1 };
  for (let i = 0; i < 2; i++) judge(1, first, 0);
  expect(() => judge(1, { ...first, choice: wrong(2) }, 0)).toThrow("idempotency key");
  say(1, other!.id, wrong(0));
  expect(history(1, queue, Number.MAX_SAFE_INTEGER, 9).map(({ choice }) => choice)).toEqual([wrong(0), wrong(3)]);
  expect(ownSummary(1, queue).counts).toMatchObject({ good: 1, bad: 1 });
  expect(undoLast(1, queue, randomUUID(), 0)).toMatchObject({ choice: wrong(0), task: { id: other!.id } });
  expect(rows(queue)).toEqual([
    {
      prompt: "question 0",
      completions: ["one of 0", "two of 0", "three of 0"],
      labels: [true, true, false],
      n_raters: 1,
      p_label: expect.any(Number),
    },
  ]);
});

test("steps are asked of no other record", () => {
  const single = queueNamed("good or bad", 0, "single");
  addItems(single, [{ prompt: [{ role: "user", content: "q" }], answers: ["a\nb"], source: "" }]);
  const [task] = takeTasks(1, single, 1, 0);
  expect(task).not.toHaveProperty("steps");
  expect(() => say(1, task!.id, wrong(1))).toThrow("say whether it is good or bad");
  const pair = takeTasks(1, seedQueue(1, 0, "a pair of answers"), 1, 0)[0]!;
  expect(() => say(1, pair.id, wrong(1))).toThrow("These are 2 answers; say which is better.");
  expect(exporters.stepwise(single)).toBe("");
  expect(() => changeQueue(single, 1, { mode: "steps" }, 0)).toThrow("do not go together");
});

test("who names another step disagrees: a reviewer decides, and without one the earliest of equally many does", () => {
  const queue = queueOf(1);
  const { id } = takeTasks(1, queue, 1, 0)[0]!;
  takeTasks(2, queue, 1, 0);
  say(1, id, wrong(4));
  say(2, id, wrong(2));
  expect(rows(queue).map(({ labels }) => labels)).toEqual([[true, false]]);
  expect(tallyOf(queue).disputes).toEqual({ all: 1, open: 1 });
  expect(against(tallyOf(queue).pairs.get(id)!)).toBe(1); // asked about sooner, where disagreement goes first
  expect(ownSummary(1, queue).others).toEqual({ agreed: 0, of: 1 });
  const [dispute] = disputesOf(queue, 3);
  expect(dispute!.votes.map(({ wrongStep }) => wrongStep)).toEqual([4, 2]);
  expect(() => rule(3, { itemId: id, ruling: "right", step: 5 }, 0)).toThrow("has 4 steps");
  for (const half of [{ ruling: "right" }, { ruling: "left", step: 2 }, { ruling: "neither", step: 2 }] as const)
    expect(() => rule(3, { itemId: id, ...half }, 0)).toThrow('"right" names the first wrong step');
  rule(3, { itemId: id, ruling: "right", step: 4 }, 0);
  expect(disputesOf(queue, 3)[0]).toMatchObject({ ruling: "right", ruledStep: 4 });
  expect(rows(queue).map(({ labels }) => labels)).toEqual([[true, true, true, false]]);
  expect(wrongSolutions(queue)).toEqual([
    { id, prompt: [{ role: "user", content: "question 0" }], solution: dispute!.answers[0]!.text, wrongStep: 4 },
  ]);
  expect(recordDetailOf(queue, 3, id, recordFilter.parse({}))!.decisions).toMatchObject([{ says: "step 4 is wrong" }]);
  rule(3, { itemId: id, ruling: "left" }, 1);
  expect(rows(queue).map(({ labels }) => labels)).toEqual([[true, true, true, true]]);
  expect(wrongSolutions(queue)).toEqual([]);
});

test("labelled solutions come in with their labels, leave as they came up to the first wrong step, and train a process reward model", async () => {
  const given = [
    { prompt: "p", completions: ["Step 1: a", "Step 2: b", "Step 3: c"], labels: [true, false, true] },
    { prompt: "q", completions: ["a\n\nb", "c"], labels: [true, true] },
    { prompt: "r", completions: ["Step 1: a", "b", "Step 2: c"], labels: [true, true, true] },
  ];
  const file = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "rows.jsonl");
  writeFileSync(file, given.map((row) => JSON.stringify(row)).join("\n"));
  const report = await loadPairs("stepwise", file, 0, { keepsLabels: true });
  expect(report).toMatchObject({ added: 2, labels: 2, left: 1, bad: [{ line: 3 }] });
  const { queueId } = report;
  const [one] = takeTasks(1, queueId, 1, 0);
  expect(rows(queueId)).toEqual([
    expect.objectContaining({
      prompt: "p",
      completions: ["Step 1: a", "Step 2: b"],
      labels: [true, false],
      n_raters: 0,
    }),
    expect.objectContaining({ prompt: "q", completions: ["a\nb", "c"], labels: [true, true], labelled_by: "import" }),
  ]);
  say(1, one!.id, wrong(0));
  expect(rows(queueId)[0]).toMatchObject({ labels: [true, true, true], n_raters: 1 });
  const whole = createFreezer(0)(queueId, rowsFor("queue", { method: "kto" }))!;
  expect(readFileSync(snapshotPath(whole.id), "utf8")).toBe(exporters.kto(queueId));
  const { id } = createFreezer(0)(queueId, rowsFor("queue", { method: "prm" }))!;
  const frozen = rowsIn(readFileSync(snapshotPath(id), "utf8"));
  expect(frozen).toEqual(rows(queueId));
  expect(frozen.map((row) => asStepwise(readRow(row)).steps.map(({ label }) => label))).toEqual(
    frozen.map(({ labels }) => labels),
  );
  expect(exporters.card(queueId)).toContain("2 of 2 solutions are labelled by step");
});

const event = fc.record({
  who: fc.integer({ min: 1, max: 3 }),
  answer: fc.nat({ max: 24 }),
  says: fc.constantFrom(0, 1, 2, 4, "undo" as const),
});

test("whatever is voted and taken back: disputes, labels and agreement are what the standing votes say", () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 60, maxLength: 140 }), (events) => {
      const queue = queueOf(25);
      const ids = takeTasks(1, queue, 25, 0).map(({ id }) => id);
      for (const other of [2, 3]) takeTasks(other, queue, 25, 0);
      const standing = new Map<string, number>(); // in the order in which they were given
      for (const { who, answer, says } of events) {
        const key = `${who}/${answer}`;
        if (says === "undo") {
          const last = [...standing.keys()].findLast((one) => one.startsWith(`${who}/`));
          undoLast(who, queue, randomUUID(), 0);
          if (last) standing.delete(last);
          continue;
        }
        say(who, ids[answer]!, wrong(says), { revises: standing.has(key) });
        standing.delete(key);
        standing.set(key, says);
      }
      const opinions = ids.map((_, answer) => [1, 2, 3].flatMap((who) => standing.get(`${who}/${answer}`) ?? []));
      expect(tallyOf(queue).disputes.all).toBe(opinions.filter((one) => new Set(one).size > 1).length);
      const expected = opinions.flatMap((one, i) => {
        const right = one.filter((step) => step === 0).length;
        if (2 * right === one.length) return [];
        if (2 * right > one.length) return [{ prompt: `question ${i}`, first: 0 }];
        const counts = [1, 2, 4].map((step) => one.filter((said) => said === step).length);
        return [{ prompt: `question ${i}`, first: [1, 2, 4][counts.indexOf(Math.max(...counts))] }];
      });
      expect(rows(queue).map(({ prompt, labels }) => ({ prompt, first: labels.indexOf(false) + 1 }))).toEqual(expected);
      const shared = opinions.filter(({ length }) => length > 1);
      const { measures } = agreementOf(queue);
      if (!measures) return;
      expect(measures.percent.value).toBeCloseTo(percentAgreement(shared), 12);
      expect(measures.alphaSide.value).toBeCloseTo(krippendorffAlpha(shared, nominal), 12);
    }),
    { numRuns: 12 },
  );
});
