// The losses over pairs that need no reference, against TRL 1.16.0.
import { expect, test } from "vitest";
import { expectClose, golden } from "../../../test/golden";
import { tf } from "../../engine/tensorflow";
import { cpoLoss } from "../cpo/loss";
import { orpoTerms } from "../orpo/loss";
import { rewardLosses } from "../reward/loss";
import { simpoLoss } from "../simpo/loss";

const { inputs } = golden.cpo;
/** Answers of one token, so that sums and means are the token's own log-probability. */
const answers = (logProbs: tf.Tensor) => {
  const rows = logProbs.reshape<tf.Tensor2D>([6, 1]);
  return { logProbs: rows, mask: tf.onesLike(rows) };
};
const sums = tf.tensor1d([...inputs.sum_logps_chosen, ...inputs.sum_logps_rejected]);
const averages = tf.tensor1d([...inputs.avg_logps_chosen, ...inputs.avg_logps_rejected]);
const one = tf.scalar(1);
const noNll = { alpha: 0, sftWeight: 0, labelSmoothing: 0 };

test.each([
  ["simpo beta=2 gamma=1", { ...noNll, beta: 2, gamma: 1 }],
  ["simpo beta=2.5 gamma=1.375", { ...noNll, beta: 2.5, gamma: 1.375 }],
  ["simpo beta=2 gamma=1 ls=.1", { ...noNll, beta: 2, gamma: 1, labelSmoothing: 0.1 }],
  ["alphapo beta=2 gamma=1 alpha=.25", { ...noNll, beta: 2, gamma: 1, alpha: 0.25 }],
])("equals TRL's %s, loss, rewards and gradient", (name, options) => {
  const expected = golden.cpo[name]!;
  const { value, grad } = tf.valueAndGrad((x) => simpoLoss(answers(x), options, one).losses.mean())(averages);
  const { rewards } = simpoLoss(answers(averages), options, one);
  expectClose(value, expected.per_pair.reduce((a, b) => a + b, 0) / 3);
  expectClose(tf.concat([rewards.chosen, rewards.rejected]), [
    ...expected.chosen_rewards,
    ...expected.rejected_rewards,
  ]);
  expectClose(grad, [...expected.grad_chosen, ...expected.grad_rejected]);
});

test.each([
  ["cpo sigmoid beta=.1 (sum logps)", "sigmoid", sums],
  ["cpo hinge beta=.1 (sum)", "hinge", sums],
  ["cpo ipo beta=.1 (avg)", "ipo", averages],
] as const)("equals TRL's %s, loss, rewards and gradient", (name, lossType, logProbs) => {
  const options = { beta: 0.1, lossType, alpha: 0, labelSmoothing: 0 };
  const expected = golden.cpo[name]!;
  const { value, grad } = tf.valueAndGrad((x) => cpoLoss(answers(x), options, one).losses.mean())(logProbs);
  const { rewards } = cpoLoss(answers(logProbs), options, one);
  expectClose(value, expected.per_pair.reduce((a, b) => a + b, 0) / 3);
  expectClose(tf.concat([rewards.chosen, rewards.rejected]), [
    ...expected.chosen_rewards,
    ...expected.rejected_rewards,
  ]);
  expectClose(grad, [...expected.grad_chosen, ...expected.grad_rejected]);
});

test("the chosen answers' likelihood joins with its weight", () => {
  // chosen log-probabilities sum to −4.7 − 1.8 − 2.6 = −9.1; three tokens: NLL 9.1/3 = 3.0333333
  const options = { beta: 0.1, lossType: "sigmoid" as const, labelSmoothing: 0 };
  const [without, with_] = [0, 0.5].map((alpha) => cpoLoss(answers(sums), { ...options, alpha }, tf.scalar(1 / 3)));
  expect(with_!.nll.mean().dataSync()[0]).toBeCloseTo(9.1 / 3, 5);
  expect(with_!.losses.sub(without!.losses).mean().dataSync()[0]).toBeCloseTo(0.5 * (9.1 / 3), 5);
});

test("equals TRL's ORPO terms, log odds and gradient", () => {
  const expected = golden["orpo beta=.1 (loss = nll - mean(losses))"];
  const { terms, logOdds } = orpoTerms(answers(averages), { beta: 0.1 });
  expectClose(terms, expected.losses);
  expectClose(terms.div(0.1).mean(), expected.log_odds_ratio);
  expectClose(logOdds.mean(), expected.log_odds_chosen);
  const gradient = tf.grad((x) => orpoTerms(answers(x), { beta: 0.1 }).terms.mean().neg())(averages);
  expectClose(gradient, [...expected["grad_chosen_of(-mean)"], ...expected["grad_rejected_of(-mean)"]]);
});

test.each([
  ["plain", 0, [0, 0, 0]],
  ["center=.01", 0.01, [0, 0, 0]],
  ["margin=[.5,0,1]", 0, [0.5, 0, 1]],
  ["both", 0.01, [0.5, 0, 1]],
] as const)("equals TRL's reward model with %s, loss and gradient", (name, centerRewardsCoefficient, margins) => {
  const expected = golden["reward(scores chosen=[1.2,-.3,.7] rejected=[.4,.1,.9])"][name]!;
  const scores = tf.tensor1d([1.2, -0.3, 0.7, 0.4, 0.1, 0.9]);
  const { value, grad } = tf.valueAndGrad((x) => {
    const [chosen, rejected] = tf.split(x, 2) as [tf.Tensor1D, tf.Tensor1D];
    return rewardLosses({ chosen, rejected }, tf.tensor1d([...margins]), null, { centerRewardsCoefficient }).mean();
  })(scores);
  expectClose(value, expected.loss);
  expectClose(grad, expected.grad);
});

test("a reward model on labels that are wrong with probability ε: each pair and its mirror image, weighed", () => {
  const [chosen, rejected, margin] = [tf.tensor1d([1.2, -0.3]), tf.tensor1d([0.4, 0.1]), tf.tensor1d([0, 0])];
  const softplus = (x: number) => Math.log1p(Math.exp(x));
  const losses = rewardLosses({ chosen, rejected }, margin, tf.tensor1d([0.25, 0]), { centerRewardsCoefficient: 0 });
  expectClose(losses, [0.75 * softplus(-0.8) + 0.25 * softplus(0.8), softplus(0.4)]);
});
