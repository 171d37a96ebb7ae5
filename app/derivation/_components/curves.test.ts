import { describe, expect, test } from "vitest";
import { bySharesOffTheData, frontier, otherPolicies, rewardsOf, slopeOne, tangent } from "./curves";
import { start } from "./start";
import { expected, kl, objective, optimum, pairsOf } from "./tabular";

const { reference, reward, beta } = start;

describe("step 1", () => {
  const curve = frontier(reference, reward);

  test("the curve goes from the reference to the best answer alone", () => {
    expect(curve[0]!.x).toBeCloseTo(0, 12);
    expect(curve[0]!.y).toBeCloseTo(expected(reference, reward), 12);
    expect(curve.at(-1)!.y).toBeCloseTo(2, 6);
    expect(curve.at(-1)!.x).toBeCloseTo(-Math.log(0.02), 5); // KL of the one answer
  });

  test("no policy has more reward at its KL: all lie under every tangent, which the curve touches at π*", () => {
    for (const b of [0.1, 0.5, 2]) {
      const [at0, at3] = tangent(reference, reward, b, 3);
      const height = (x: number) => at0!.y + ((at3!.y - at0!.y) * x) / 3;
      expect((at3!.y - at0!.y) / 3).toBeCloseTo(b, 10); // β is its slope
      for (const { x, y } of [...curve, ...otherPolicies(reference, reward)])
        expect(y).toBeLessThanOrEqual(height(x) + 1e-9);
      const best = optimum(reference, reward, b);
      expect(expected(best, reward)).toBeCloseTo(height(kl(best, reference)), 10);
    }
  });

  test("the other policies are distinct, and some lie well below", () => {
    const others = otherPolicies(reference, reward);
    expect(others).toHaveLength(60);
    expect(others.filter(({ y }) => y < expected(reference, reward)).length).toBeGreaterThan(10);
  });
});

test("step 3: at π* every answer lies on the line of slope one, at the reference on the axis", () => {
  const [low, high] = slopeOne(reference, reward, beta);
  expect(high!.y - low!.y).toBeCloseTo(high!.x - low!.x, 12);
  for (const { x, y } of rewardsOf(optimum(reference, reward, beta), reference, reward, beta))
    expect(y).toBeCloseTo(low!.y + (x - low!.x), 10);
  for (const { y } of rewardsOf(reference, reference, reward, beta)) expect(y).toBe(0);
});

test("step 4: two prompts differ in Z and agree in every margin", () => {
  const { reference: another, above } = start.other;
  const raised = reward.map((r) => r + above);
  const [first, second] = [
    rewardsOf(optimum(reference, reward, beta), reference, reward, beta),
    rewardsOf(optimum(another, raised, beta), another, raised, beta),
  ];
  expect(second[0]!.y - first[0]!.y).not.toBeCloseTo(0, 1);
  for (const y of [1, 2, 3, 4]) expect(first[0]!.y - first[y]!.y).toBeCloseTo(second[0]!.y - second[y]!.y, 10);
});

test("step 5: the loss is the same whatever share the other answers have; the objective is highest at π*'s", () => {
  const { loss, objective: curve } = bySharesOffTheData(reference, reward, beta, pairsOf(reward, start.compared));
  for (const { y } of loss) expect(y).toBeCloseTo(loss[0]!.y, 12);
  const best = optimum(reference, reward, beta);
  const [u, x] = [best[4]!, 0.3];
  // Two-way split: J(x) = J* − β [(1 − x) log (1 − x)/(1 − u) + x log x/u]
  const below = beta * ((1 - x) * Math.log((1 - x) / (1 - u)) + x * Math.log(x / u));
  expect(curve.find((point) => point.x === x)!.y).toBeCloseTo(objective(best, reference, reward, beta) - below, 10);
  expect(Math.max(...curve.map(({ y }) => y))).toBe(curve[0]!.y); // of the hundredths the nearest to 0.002
});
