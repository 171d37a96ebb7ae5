// Expected numbers: verl 0.4.1 in double precision (data/golden/make-reinforce-plus-plus.py), and the paper's equations.
import { expect, test } from "vitest";
import golden from "../../../data/golden/losses/verl-0.4.1-reinforce-plus-plus.json" with { type: "json" };
import { chunks } from "../../data/row-batches";
import { normalizedAdvantages } from "./advantages";

const answers = golden.scores.map((score, i) => ({ score, kl: golden.kl[i]! }));

test.each(golden.cases)(
  "the advantages are verl's: baseline $baseline, β = $beta",
  ({ baseline, beta, advantages }) => {
    const ours = normalizedAdvantages(chunks(answers, golden.group), { baseline: baseline as "batch" | "group", beta });
    expect(ours.map((row) => row.length)).toEqual(advantages.map((row) => row.length));
    for (const [i, row] of ours.entries())
      for (const [t, value] of row.entries()) expect(Math.abs(value - advantages[i]![t]!)).toBeLessThan(1e-9);
  },
);

test("with the group's baseline the KL is still each token's own: equations 8 and 10 by hand", () => {
  const group = [
    { score: 3, kl: [1, 2] },
    { score: 1, kl: [4] },
  ];
  // 3 − 2 − 0.5 · (1 + 2), 3 − 2 − 0.5 · 2; 1 − 2 − 0.5 · 4
  const earned = [-0.5, 0, -3];
  const middle = -3.5 / 3;
  const variance = earned.reduce((sum, x) => sum + (x - middle) ** 2, 0) / 2;
  const wanted = earned.map((x) => (x - middle) / Math.sqrt(variance));
  const found = normalizedAdvantages([group], { baseline: "group", beta: 0.5 });
  expect(found.map((row) => row.length)).toEqual([2, 1]);
  for (const [i, value] of found.flat().entries()) expect(value).toBeCloseTo(wanted[i]!, 7);
});
