// Advantages of GRPO's tokens: outcome supervision, process supervision (DeepSeekMath, arXiv 2402.03300, sections 4.1.2 and 4.1.3), and both.
import { expect, test } from "vitest";
import { createRandom } from "../../../common/random";
import type { StepReward } from "../../rewards/step-rewards";
import { groupAdvantages, tokenAdvantages } from "./loss";

/** An answer of `length` tokens, with rewards of its steps by the token that they end at. */
const answer = (length: number, steps: Record<number, number>, outcome: number | null = null) => ({
  response: Array<number>(length).fill(9),
  steps: Object.entries(steps).map(([at, reward]): StepReward => ({ at: Number(at), reward })),
  outcome,
});
const near = (rows: number[][]) => rows.map((row) => row.map((value) => expect.closeTo(value, 12)));

test("process supervision: a token has the normalised rewards of the steps that end at it or after it", () => {
  // R = {1, 0; 0.5}: mean ½, deviation √((¼ + ¼ + 0) / 2) = ½. Normalised 1 → x, 0 → −x, ½ → 0, x = ½ / (½ + 1e-4)
  const group = [answer(4, { 1: 1, 3: 0 }), answer(3, { 2: 0.5 })];
  const x = 0.5 / (0.5 + 1e-4);
  expect(tokenAdvantages([group], "group", 1)).toEqual([
    near([
      [x - x, x - x, -x, -x],
      [0, 0, 0],
    ]),
  ]);
  // undivided: 1 − ½ and 0 − ½
  expect(tokenAdvantages([group], "none", 1)[0]![0]).toEqual([0, 0, -0.5, -0.5]);
  // by the batch: of R and of R′ = {0.5, 0.5} together the mean is ½ and the deviation √(½ / 4); each group keeps its own mean, ½ in both
  const other = [answer(2, { 1: 0.5 }), answer(1, { 0: 0.5 })];
  const y = 0.5 / (Math.sqrt(0.5 / 4) + 1e-4);
  const [first, second] = tokenAdvantages([group, other], "batch", 1);
  expect(first![0]).toEqual(near([[0, 0, -y, -y]])[0]);
  expect(second).toEqual([[0, 0], [0]]);
});

test("with an outcome beside it: each normalised by itself, added, the steps by their weight", () => {
  // outcomes {1, 0}: mean ½, deviation √½, normalised ±z; steps as above
  const group = [answer(4, { 1: 1, 3: 0 }, 1), answer(3, { 2: 0.5 }, 0)];
  const [x, z] = [0.5 / (0.5 + 1e-4), 0.5 / (Math.SQRT1_2 + 1e-4)];
  expect(tokenAdvantages([group], "group", 2)).toEqual([
    near([
      [z, z, z - 2 * x, z - 2 * x],
      [-z, -z, -z],
    ]),
  ]);
  // an outcome that abstains counts in no mean: of {1, 0} without the third
  const abstaining = [...group, answer(2, { 1: 0.5 })];
  expect(tokenAdvantages([abstaining], "none", 1)[0]).toEqual(
    near([
      [0.5, 0.5, 0, 0],
      [-0.5, -0.5, -0.5],
      [0, 0],
    ]),
  );
});

test("outcome supervision: every token has its answer's advantage over the group", () => {
  const scores = [3, 1, null, 2];
  const group = scores.map((score, i) => answer(i + 1, {}, score));
  const [expected] = groupAdvantages([scores], "group");
  expect(tokenAdvantages([group], "group", 1)).toEqual([expected!.map((one, i) => Array<number>(i + 1).fill(one))]);
});

const random = createRandom("process supervision");
const group = (size: number, steps: () => number) =>
  Array.from({ length: size }, () => {
    const rewards = Array.from({ length: steps() }, random);
    return answer(
      3 * rewards.length,
      Object.fromEntries(rewards.map((reward, step) => [3 * step + 2, reward])),
      random(),
    );
  });

test.each(["group", "batch", "none"] as const)(
  "one step that is the whole answer is an outcome, to the last bit: %s",
  (scale) => {
    const rewards = Array.from({ length: 3 }, () => Array.from({ length: 5 }, random));
    const asSteps = rewards.map((own) => own.map((reward) => answer(4, { 3: reward })));
    const asOutcomes = rewards.map((own) => own.map((reward) => answer(4, {}, reward)));
    expect(tokenAdvantages(asSteps, scale, 1)).toEqual(tokenAdvantages(asOutcomes, scale, 1));
  },
);

test("members of a group in another order have the same advantages in that order", () => {
  const own = group(6, () => 1 + Math.floor(5 * random()));
  const order = [3, 0, 5, 1, 4, 2];
  const [straight] = tokenAdvantages([own], "group", 1);
  const [permuted] = tokenAdvantages([order.map((i) => own[i]!)], "group", 1);
  expect(permuted).toEqual(near(order.map((i) => straight![i]!)));
});

test("where all steps of a group are rewarded alike nothing is learnt, however many each answer has", () => {
  const own = [1, 2, 5].map((count) =>
    answer(count, Object.fromEntries(Array.from({ length: count }, (_, t) => [t, 0.7]))),
  );
  for (const row of tokenAdvantages([own], "group", 1)[0]!)
    for (const advantage of row) expect(Math.abs(advantage)).toBeLessThan(1e-9); // rounding of the mean over 1e-4
});

test("more of the better steps earn more: the known failure of the sum", () => {
  // R = {1, 1, 1; 1; 0}: both first answers are right from beginning to end, and the one in three steps has three times the advantage
  const rewarded = [answer(3, { 0: 1, 1: 1, 2: 1 }), answer(3, { 2: 1 }), answer(3, { 2: 0 })];
  const [long, short] = tokenAdvantages([rewarded], "group", 1)[0]!;
  expect(long![0]! / short![0]!).toBeCloseTo(3, 12);
});
