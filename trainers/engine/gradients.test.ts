import { expect, test } from "vitest";
import { means, measure, standardErrorOf, type Tally, tally } from "./gradients";
import { type LossOutput, maskedMean } from "./loss-output";
import { tf } from "./tensorflow";

const batch = (loss: number, stats: LossOutput["stats"]) => measure({ loss: tf.scalar(loss), stats });

test("means over batches of different size are the means of all rows, with their standard error", () => {
  const totals: Tally = new Map();
  tally(totals, batch(1, { margin: maskedMean(tf.tensor1d([1, 2, 3])) }), 3);
  tally(totals, batch(5, { margin: maskedMean(tf.tensor1d([6])) }), 1);
  expect(means(totals)).toEqual({ loss: 2, margin: 3 }); // (3·1 + 5)/4; 12/4
  expect(standardErrorOf(totals.get("margin")!)).toBeCloseTo(Math.sqrt(14 / 3 / 4), 6); // s² = Σ(x − 3)²/3 = (4 + 1 + 0 + 9)/3
});

test("what a mask leaves out does not count, and what never occurred is absent", () => {
  const totals: Tally = new Map();
  const values = tf.tensor1d([4, 100]);
  tally(
    totals,
    batch(0, { "rewards/chosen": maskedMean(values, tf.tensor1d([1, 0])), kl: maskedMean(values, tf.zeros([2])) }),
    1,
  );
  expect(means(totals)).toEqual({ loss: 0, "rewards/chosen": 4 });
});

test("extremes stay extremes over batches", () => {
  const totals: Tally = new Map();
  const one = tf.scalar(1);
  for (const [low, high] of [
    [-1, 2],
    [-3, 1],
  ] as const) {
    const extreme = (x: number) => ({ sum: tf.scalar(x), count: one, squares: one });
    tally(totals, batch(0, { min_reward: extreme(low), max_reward: extreme(high) }), 1);
  }
  expect(means(totals)).toMatchObject({ min_reward: -3, max_reward: 2 });
});
