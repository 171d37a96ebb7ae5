// Where self-play by win rates leads in a game without a best answer: rock, paper and scissors with unequal stakes.
import { expect, test } from "vitest";
import { mean, sum } from "../../../spec/statistics";
import { softmax } from "../../../test/tabular";
import { tf } from "../../engine/tensorflow";
import { winRates } from "../../rewards/win-rates";
import { sppoLosses } from "./loss";

test("one answer by hand: its log-ratio should be (win rate − ½) / β", () => {
  // (0.4 − (0.75 − 0.5) / 0.5)² = 0.01, and (−1 − 0)² = 1
  const losses = sppoLosses(tf.tensor1d([0.4, -1]), tf.tensor1d([0.75, 0.5]), { beta: 0.5 });
  expect([...losses.dataSync()]).toEqual([expect.closeTo(0.01, 6), 1]);
});

test("an answer wins half of the time against itself", () => {
  const wins = [
    [0.5, 1, 1],
    [0, 0.5, 0.5],
    [0, 0.5, 0.5],
  ];
  expect(winRates(wins)).toEqual([2.5 / 3, 1 / 3, 1 / 3]);
});

/** Probability that the answer of the row, rock, paper or scissors, is preferred to that of the column. */
const game = [
  [0.5, 0.4, 0.9],
  [0.6, 0.5, 0.3],
  [0.1, 0.7, 0.5],
];
/** Of each answer against one that `policy` draws. */
const against = (policy: number[]) => game.map((row) => sum(row.map((p, y) => p * policy[y]!)));
/** What the best answer wins against `policy` beyond ½: 0 for the Nash policy alone. */
const exploited = (policy: number[]) => Math.max(...against(policy)) - 0.5;

test("the policies of its rounds are on average the Nash policy of a cyclic game, against which nothing wins", () => {
  // Each answer is played in proportion to what the other two win from each other: rock 0.2, paper 0.4, scissors 0.1.
  const nash = [0.2, 0.4, 0.1].map((stake) => stake / 0.7);
  for (const rate of against(nash)) expect(rate).toBeCloseTo(0.5, 10);
  const start = [2, 0, 0];
  expect(exploited(softmax(start))).toBeGreaterThan(0.05);

  const [beta, rounds] = [3, 1000];
  let logits = start;
  const played: number[][] = [];
  for (let round = 0; round < rounds; round++) {
    const policy = softmax(logits);
    played.push(policy);
    const [before, rates, share] = [policy.map(Math.log), against(policy), policy].map((values) => tf.tensor1d(values));
    const lossOf = (x: tf.Tensor) => {
      const logRatio = tf.logSoftmax(x).sub<tf.Tensor1D>(before!);
      return sppoLosses(logRatio, rates!, { beta }).mul(share!).sum(); // each answer as often as it is drawn
    };
    for (let step = 0; step < 2; step++) {
      const gradient = tf.tidy(() => tf.grad(lossOf)(tf.tensor1d(logits)).dataSync());
      logits = logits.map((x, y) => x - gradient[y]! / (2 * policy[y]!)); // the squares' curvature is 2 π
    }
    tf.dispose([before!, rates!, share!]);
  }
  const average = nash.map((_, y) => mean(played.map((policy) => policy[y]!)));
  expect(exploited(average)).toBeLessThan(0.002);
  for (const [y, p] of nash.entries()) expect(Math.abs(average[y]! - p)).toBeLessThan(0.02);
  expect(exploited(played.at(-1)!)).toBeGreaterThan(0.05); // each single one goes round it
});
