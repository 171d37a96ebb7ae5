// Expected numbers: derived by hand where short, else from TRL 1.16.0 (data/golden/losses).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tf } from "../engine/tensorflow";
import { dpoLoss } from "./dpo";

const pair = (chosen: number[], rejected: number[]) => ({
  chosen: tf.tensor1d(chosen),
  rejected: tf.tensor1d(rejected),
});

test("is log 2 with zero rewards where policy and reference agree", () => {
  const same = pair([-3, -40.5], [-7, -2]);
  const { losses, chosenRewards, rejectedRewards } = dpoLoss(same, same, { beta: 0.1 });
  for (const loss of losses.dataSync()) expect(loss).toBeCloseTo(Math.log(2), 6);
  expect([...chosenRewards.dataSync(), ...rejectedRewards.dataSync()]).toEqual([0, 0, 0, 0]);
});

test("one pair by hand", () => {
  // β = 0.5: rewards 0.5·(−2 − −3) = 0.5 and 0.5·(−5 − −4) = −0.5; margin 1; loss log(1 + e⁻¹) = 0.3132617
  const { losses, chosenRewards, rejectedRewards } = dpoLoss(pair([-2], [-5]), pair([-3], [-4]), { beta: 0.5 });
  expect(chosenRewards.dataSync()[0]).toBeCloseTo(0.5, 6);
  expect(rejectedRewards.dataSync()[0]).toBeCloseTo(-0.5, 6);
  expect(losses.dataSync()[0]).toBeCloseTo(0.3132617, 6);
});

test("stays finite, with the right slope, at extreme margins", () => {
  const slope = tf.grad((chosen) =>
    dpoLoss({ chosen: chosen as tf.Tensor1D, rejected: tf.zeros([2]) }, pair([0, 0], [0, 0]), { beta: 1 }).losses.sum(),
  );
  const [far, near] = slope(tf.tensor1d([-500, 500])).dataSync();
  expect(far).toBeCloseTo(-1, 6);
  expect(near).toBeCloseTo(0, 6);
});

interface Case {
  loss: number;
  grad_per_token_logps: number[][];
}
const golden = JSON.parse(readFileSync("data/golden/losses/trl-1.16-losses.json", "utf8")) as {
  inputs: { policy_per_token_logps: number[][]; ref_per_token_logps: number[][] };
  "dpo(beta=0.1)": Record<string, Case>;
};

test.each([
  ["sigmoid", 0.1],
  ["sigmoid beta=0.5", 0.5],
] as const)("equals TRL's %s, loss and gradient", (name, beta) => {
  const { policy_per_token_logps: policy, ref_per_token_logps: reference } = golden.inputs;
  const expected = golden["dpo(beta=0.1)"][name]!;
  const split = (perToken: tf.Tensor) => {
    const [chosen, rejected] = tf.split(perToken.sum(1), 2) as [tf.Tensor1D, tf.Tensor1D];
    return { chosen, rejected };
  };
  const { value, grad } = tf.valueAndGrad((x) =>
    dpoLoss(split(x), split(tf.tensor2d(reference)), { beta }).losses.mean(),
  )(tf.tensor2d(policy));
  expect(Math.abs(value.dataSync()[0]! / expected.loss - 1)).toBeLessThan(1e-6);
  const difference = grad.sub(tf.tensor2d(expected.grad_per_token_logps)).abs().max().dataSync()[0]!;
  expect(difference).toBeLessThan(1e-7);
});
