import { expect, test } from "vitest";
import { mean } from "@/spec/statistics";
import { start } from "./start";
import {
  descended,
  dpoGradient,
  dpoLoss,
  implicitReward,
  kl,
  logPartition,
  objective,
  optimum,
  pairsOf,
  sigmoid,
  softmax,
} from "./tabular";

const { reference, reward } = start;
const all = reference.map((_, y) => y);

test("the page begins with probabilities and a prompt whose rarest answer is the best", () => {
  expect(reference.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  expect(reward.indexOf(Math.max(...reward))).toBe(reference.indexOf(Math.min(...reference)));
});

test.each([0.1, 0.5, 2])(
  "equation 4 with β %d: the objective of any policy lies β KL(π ‖ π*) below β log Z",
  (beta) => {
    const best = optimum(reference, reward, beta);
    const summed = beta * Math.log(reference.reduce((sum, p, y) => sum + p * Math.exp(reward[y]! / beta), 0));
    expect(beta * logPartition(reference, reward, beta)).toBeCloseTo(summed, 10);
    for (const policy of [reference, [0.2, 0.2, 0.2, 0.2, 0.2], softmax([3, -1, 0, 2, 1]), best])
      expect(objective(policy, reference, reward, beta)).toBeCloseTo(summed - beta * kl(policy, best), 10);
  },
);

test("equation 5: β log π*/π_ref + β log Z is the reward", () => {
  const implicit = implicitReward(optimum(reference, reward, 0.3), reference, 0.3);
  for (const [y, r] of reward.entries())
    expect(implicit[y]! + 0.3 * logPartition(reference, reward, 0.3)).toBeCloseTo(r, 10);
});

test("equation 7 is log 2 at the reference, and at π* the entropy of Bradley and Terry's labels; its gradient is 0 there", () => {
  const pairs = pairsOf(reward, all);
  expect(dpoLoss(reference, reference, pairs, 0.5)).toBeCloseTo(Math.log(2), 12);
  const best = optimum(reference, reward, 0.5);
  const entropy = pairs.reduce((sum, { share }) => sum - share * Math.log(share), 0) / (pairs.length / 2);
  expect(dpoLoss(best, reference, pairs, 0.5)).toBeCloseTo(entropy, 12);
  for (const slope of dpoGradient(best, reference, pairs, 0.5)) expect(slope).toBeCloseTo(0, 12);
});

test("the gradient is the loss's, by differences", () => {
  const [logits, h, pairs] = [[0.3, -1, 0.5, 0, 0.9], 1e-5, pairsOf(reward, [0, 1, 3])];
  const loss = (moved: number[]) => dpoLoss(softmax(moved), reference, pairs, 0.7);
  const gradient = dpoGradient(softmax(logits), reference, pairs, 0.7);
  for (const y of all) {
    const [up, down] = [h, -h].map((by) => loss(logits.map((logit, i) => (i === y ? logit + by : logit))));
    expect(gradient[y]).toBeCloseTo((up! - down!) / (2 * h), 8);
  }
});

test.each([
  ["as the page begins", reward, 0.5],
  ["with a weak β", reward, 0.1],
  ["with a strong β", reward, 2],
  ["with one answer as far from the others as the sliders go", [2, -2, -2, -2, -2], 0.5],
  ["with two groups as far apart as they go", [2, 2, -2, -2, 2], 0.1],
])("descent ends at π*, %s", (_, rewards, beta) => {
  const pairs = pairsOf(rewards, all);
  expect(kl(reference, optimum(reference, rewards, beta))).toBeGreaterThan(0.01);
  expect(kl(descended(reference, pairs, beta, start.steps.end), optimum(reference, rewards, beta))).toBeLessThan(1e-4);
  const losses = [0, 1, 5, 20].map((steps) =>
    dpoLoss(descended(reference, pairs, beta, steps), reference, pairs, beta),
  );
  expect(losses).toEqual(losses.toSorted((a, b) => b - a));
});

test("an answer that is never compared keeps its logit, takes the mass that the others lose, and its reward is not asked", () => {
  const compared = all.filter((y) => start.compared.includes(y));
  const end = descended(reference, pairsOf(reward, compared), start.beta, start.steps.end);
  const best = optimum(reference, reward, start.beta);
  const among = (policy: number[]) =>
    compared.map((y) => policy[y]! / compared.reduce((sum, i) => sum + policy[i]!, 0));
  expect(kl(among(end), among(best))).toBeLessThan(1e-6); // where it is compared it is π*
  // β(log π − log π_ref) of the compared answers is r − their mean, which the descent keeps at 0; so:
  const middle = mean(compared.map((y) => reward[y]!));
  const weights = reference.map((p, y) =>
    compared.includes(y) ? p * Math.exp((reward[y]! - middle) / start.beta) : p,
  );
  const predicted = weights.map((weight) => weight / weights.reduce((a, b) => a + b));
  for (const y of all) expect(end[y]).toBeCloseTo(predicted[y]!, 4);
  const off = all.find((y) => !compared.includes(y))!;
  expect(end[off]).toBeGreaterThan(reference[off]!); // it drifts up,
  expect(reward[off]).toBe(Math.min(...reward)); // though it is the worst
  expect(best[off]).toBeLessThan(0.01);
});

test("equation 1 asks for the difference alone", () => {
  expect(sigmoid(2 - 1)).toBe(sigmoid(-1 - -2));
  expect(sigmoid(Math.log(3))).toBeCloseTo(0.75, 12); // odds 3 : 1
});
