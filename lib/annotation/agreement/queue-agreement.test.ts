// Agreement read from real votes: undone ones and skips do not count.
import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedQueue } from "../../../test/database";
import { exportQueue } from "../../datasets/snapshots/snapshot";
import { judge, undoLast } from "../judging/judge";
import type { Choice } from "../judging/judging-schema";
import { takeTasks } from "../judging/next-tasks";
import { shownLeft } from "../judging/sides";
import { agreementOf } from "./queue-agreement";

let queue: number;
beforeAll(() => {
  freshDatabase();
  queue = seedQueue(40, 3);
});

/** What a rater does with a pair, said of the answers themselves. */
function vote(annotator: number, itemId: number, wanted: "first" | "second" | "tie" | "skip", strength = 2): void {
  const side = wanted === shownLeft(annotator, itemId) ? "left" : "right";
  const choice: Choice = wanted === "tie" || wanted === "skip" ? { kind: wanted } : { kind: side, strength };
  judge(annotator, { key: randomUUID(), itemId, choice, activeMs: 1000 * annotator }, 0);
}

test("few shared pairs say nothing; then two raters have Cohen's κ, and each a share with an interval", () => {
  const ids = takeTasks(1, queue, 40, 0).map(({ id }) => id);
  takeTasks(2, queue, 40, 0);
  for (const [i, id] of ids.entries()) vote(1, id, i % 2 === 0 ? "first" : "second");
  for (const [i, id] of ids.slice(0, 12).entries()) vote(2, id, i % 2 === 0 ? "first" : "second");
  expect(agreementOf(queue)).toMatchObject({ shared: 12, measures: null });

  for (const [i, id] of ids.slice(12, 32).entries()) vote(2, id, i < 10 ? "first" : "tie"); // 5 of 20 agree
  vote(2, ids[32]!, "skip");
  vote(2, ids[33]!, "first");
  undoLast(2, queue, randomUUID(), 0);
  const { raters, shared, measures } = agreementOf(queue);
  expect(shared).toBe(32);
  expect(measures!.percent.value).toBeCloseTo(17 / 32, 12);
  expect(measures!.kappa!.kind).toBe("Cohen");
  // by hand: agree 17/32; chance (16·16 + 16·6 + 0·10)/32²
  const chance = (16 * 16 + 16 * 6) / 32 ** 2;
  expect(measures!.kappa!.value).toBeCloseTo((17 / 32 - chance) / (1 - chance), 12);
  for (const { value, low, high } of [measures!.percent, measures!.alphaSide, measures!.alphaStrength]) {
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  }
  const [first, second] = raters;
  expect(first).toMatchObject({ id: 1, judged: 40, seconds: 1, agreement: { n: 32, value: 17 / 32 }, left: { n: 40 } });
  expect(second).toMatchObject({ id: 2, judged: 32, seconds: 2, left: { n: 22 } });
  const left = ids.filter((id, i) => (i % 2 === 0 ? "first" : "second") === shownLeft(1, id)).length;
  expect(first!.left!.value).toBeCloseTo(left / 40, 12);
});

test("labels are as sure as those who gave them", () => {
  const rows = exportQueue(queue)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { n_raters: number; p_chosen: number });
  const [both, one] = [2, 1].map((n) => rows.filter(({ n_raters }) => n_raters === n).map(({ p_chosen }) => p_chosen));
  const { raters } = agreementOf(queue);
  // Who was alone with a pair makes it as sure as they are reliable; two who agree make it surer than either.
  for (const p of one!) expect(p).toBeCloseTo(raters[0]!.reliability!, 3);
  const surest = Math.max(...both!);
  expect(surest).toBeGreaterThan(Math.max(...raters.map(({ reliability }) => reliability!)));
});
