// Rewards of steps in PPO, beside the KL penalty of each token; Math-Shepherd's step-by-step PPO (arXiv 2312.08935).
import { expect, test } from "vitest";
import type { Rollout, Rollouts } from "../shared/rollout";
import { estimated } from "./loss";

const options = { gamma: 1, lam: 0.5, whitenRewards: false, whitenAdvantages: false };
const near = (row: number[]) => row.map((value) => expect.closeTo(value, 12));
const of = (row: Partial<Rollout>, more = {}) => {
  const rollouts = { rows: [row], stats: {}, samplerDistance: 0, kl: 0 } as Partial<Rollouts> as Rollouts;
  const { rows, stats } = estimated(rollouts, 0.1, { ...options, ...more });
  return { ...rows[0]!, stats };
};
const answer = {
  response: [9, 9, 9, 9],
  kl: [1, 0, 2, 0],
  values: [0.5, 0.25, 0.5, 0.75],
  outcome: 1,
  steps: [
    { at: 1, reward: 0.5 },
    { at: 3, reward: 0.25 },
  ],
  score: 1.75,
};

test("steps where they end, the outcome at the last token, and GAE spreads them", () => {
  const { rewards, advantages, returns, stats } = of(answer);
  expect(rewards).toEqual(near([-0.1, 0.5, -0.2, 1.25])); // −0.1 KL + steps + outcome
  // δ₃ = 1.25 − 0.75 = 0.5; δ₂ = −0.2 + 0.75 − 0.5 = 0.05; δ₁ = 0.5 + 0.5 − 0.25 = 0.75; δ₀ = −0.1 + 0.25 − 0.5 = −0.35
  // A₃ = 0.5; A₂ = 0.05 + 0.5 · 0.5 = 0.3; A₁ = 0.75 + 0.5 · 0.3 = 0.9; A₀ = −0.35 + 0.5 · 0.9 = 0.1
  expect(advantages).toEqual(near([0.1, 0.9, 0.3, 0.5]));
  expect(returns).toEqual(near([0.6, 1.15, 0.8, 1.25]));
  expect(stats["objective/rlhf_reward"]).toBeCloseTo(1.75 - 0.3, 12);
});

test("one step that is the whole answer is an outcome, to the last bit", () => {
  const alone = of({ ...answer, outcome: null, steps: [{ at: 3, reward: 0.7 }], score: 0.7 });
  const asOutcome = of({ ...answer, outcome: 0.7, steps: [], score: 0.7 });
  for (const name of ["rewards", "advantages", "returns"] as const) expect(alone[name]).toEqual(asOutcome[name]);
});

test("a turn of the environment lies between steps and has no reward", () => {
  const between = (values: number[]) => [...values.slice(0, 2), 77, 77, ...values.slice(2)];
  const inTurns = of({
    ...answer,
    ...{ response: between(answer.response), kl: between(answer.kl), values: between(answer.values) },
    steps: [answer.steps[0]!, { at: 5, reward: 0.25 }],
    episode: { own: [1, 1, 0, 0, 1, 1], turns: [], reward: null, cut: false },
  });
  const alone = of(answer);
  for (const name of ["rewards", "advantages", "returns"] as const) {
    const given = between(alone[name]).map((value, t) => (t === 2 || t === 3 ? 0 : value));
    expect(inTurns[name]).toEqual(given);
  }
});

test("with the score one token after the answer, as in TRL, steps stay where they end", () => {
  const padded = { ...answer, kl: [...answer.kl, 0], values: [...answer.values, 0] };
  expect(of(padded).rewards).toEqual(near([-0.1, 0.5, -0.2, 0.25, 1]));
});
