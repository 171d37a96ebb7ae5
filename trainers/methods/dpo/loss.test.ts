// Expected numbers: derived by hand where short, else from TRL 1.16.0.
import { expect, test } from "vitest";
import { dpo } from "../../../spec/methods/dpo";
import { expectClose, golden, inputs, scored } from "../../../test/golden";
import { tf } from "../../engine/tensorflow";
import { type DpoOptions, dpoLoss } from "./loss";

const defaults: DpoOptions = dpo.options.parse({});

/** One token an answer, so that its log-probability is the sequence's. */
const single = (chosen: number[], rejected: number[]) => tf.tensor2d([...chosen, ...rejected].map((x) => [x]));
const loss = (policy: tf.Tensor2D, reference: tf.Tensor2D, options: Partial<DpoOptions> = {}) =>
  dpoLoss({ logProbs: policy, mask: tf.onesLike(policy) }, reference, { ...defaults, ...options }, tf.scalar(1));

test("is log 2 with zero rewards where policy and reference agree", () => {
  const same = single([-3, -40.5], [-7, -2]);
  const { loss: mean, rewards } = loss(same, same);
  expect(mean.dataSync()[0]).toBeCloseTo(Math.log(2), 6);
  expect([...rewards.chosen.dataSync(), ...rewards.rejected.dataSync()]).toEqual([0, 0, 0, 0]);
});

test("one pair by hand", () => {
  // β = 0.5: rewards 0.5·(−2 − −3) = 0.5 and 0.5·(−5 − −4) = −0.5; margin 1; loss log(1 + e⁻¹) = 0.3132617
  const { loss: mean, rewards } = loss(single([-2], [-5]), single([-3], [-4]), { beta: 0.5 });
  expect(rewards.chosen.dataSync()[0]).toBeCloseTo(0.5, 6);
  expect(rewards.rejected.dataSync()[0]).toBeCloseTo(-0.5, 6);
  expect(mean.dataSync()[0]).toBeCloseTo(0.3132617, 6);
});

test("stays finite, with the right slope, at extreme margins", () => {
  const slope = tf.grad((x) => loss(x as tf.Tensor2D, single([0, 0], [0, 0]), { beta: 1 }).loss.mul(2));
  const [far, near] = slope(single([-500, 500], [0, 0])).dataSync();
  expect(far).toBeCloseTo(-1, 6);
  expect(near).toBeCloseTo(0, 6);
});

test("conservative labels: at ε a pair and its mirror image swap their weights", () => {
  // margin 1 at β = 0.5 as above: (1 − ε)·0.3132617 + ε·1.3132617
  const given = [single([-2], [-5]), single([-3], [-4])] as const;
  const { loss: mean } = loss(...given, { beta: 0.5, lossType: "cdpo", labelSmoothing: 0.2 });
  expect(mean.dataSync()[0]).toBeCloseTo(0.8 * 0.3132617 + 0.2 * 1.3132617, 6);
});

const cases: [name: string, options: Partial<DpoOptions>][] = [
  ["sigmoid", {}],
  ["hinge", { lossType: "hinge" }],
  ["ipo", { lossType: "ipo" }],
  ["nca_pair", { lossType: "nca_pair" }],
  ["bco_pair", { lossType: "bco_pair" }],
  ["sppo_hard", { lossType: "sppo_hard" }],
  ["aot", { lossType: "aot" }],
  ["aot_unpaired", { lossType: "aot_unpaired" }],
  ["apo_zero", { lossType: "apo_zero" }],
  ["apo_down", { lossType: "apo_down" }],
  ["discopop", { lossType: "discopop" }],
  ["sft", { lossType: "sft" }],
  ["sigmoid_norm", { lossType: "sigmoid_norm" }],
  ["exo_pair(eps=1e-3)", { lossType: "exo_pair", labelSmoothing: 1e-3 }],
  ["robust(eps=0.1)", { lossType: "robust", labelSmoothing: 0.1 }],
  ["aot(eps=0.1)", { lossType: "aot", labelSmoothing: 0.1 }],
  ["sigmoid beta=0.5", { beta: 0.5 }],
  ["ipo beta=0.5", { lossType: "ipo", beta: 0.5 }],
  ["sigmoid ld_alpha=0.5", { ldAlpha: 0.5 }],
  ["sigmoid wpo (log_sum_sq_probs=-0.3)", {}],
  ["sigmoid f=forward_kl", { fDivergenceType: "forward_kl" }],
  ["sigmoid f=js_divergence", { fDivergenceType: "js_divergence" }],
  ["sigmoid f=alpha_divergence", { fDivergenceType: "alpha_divergence" }],
  ["MPO [sigmoid,bco_pair,sft] w=[.8,.2,1]", { lossType: ["sigmoid", "bco_pair", "sft"], lossWeights: [0.8, 0.2, 1] }],
];

test("has a case for each of TRL's", () => {
  expect(cases.map(([name]) => name).sort()).toEqual(Object.keys(golden["dpo(beta=0.1)"]).sort());
});

test.each(cases)("equals TRL's %s, loss and gradient", (name, options) => {
  const { policy, reference, mask } = inputs;
  const expected = golden["dpo(beta=0.1)"][name]!;
  const perToken = tf.scalar(1).div<tf.Scalar>(mask.slice([0, 0], [3, -1]).sum());
  const likely = policy.add(0.3).mul(mask).sum(1).div(mask.sum(1)).exp(); // against log Σ p² = −0.3 everywhere
  const weights = name.includes("wpo") ? (likely.slice(0, 3).mul(likely.slice(3, 3)) as tf.Tensor1D) : null;
  const { value, grad } = tf.valueAndGrad(
    (x) =>
      dpoLoss({ logProbs: x as tf.Tensor2D, mask }, reference, { ...defaults, ...options }, perToken, weights).loss,
  )(policy);
  expectClose(value, expected.loss);
  // DiscoPOP's steep gate multiplies rounding by 1/τ: TRL's own float32 is 1.3e-6 from the gradient in double precision.
  expectClose(grad, scored(expected.grad_per_token_logps), name === "discopop" ? 2e-6 : 1e-6);
});
