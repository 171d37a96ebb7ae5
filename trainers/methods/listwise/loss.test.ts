// Expected numbers: every order that a ranking allows, one after the other.
import fc from "fast-check";
import { expect, test } from "vitest";
import { permutations } from "../../../test/tabular";
import { tf } from "../../engine/tensorflow";
import { plackettLuceLosses, remainingSets } from "./loss";

/** −log of the probability of picking in this order. */
const orderLoss = (scores: number[], order: number[]) =>
  order.reduce((sum, i, at) => {
    const left = order.slice(at).reduce((total, j) => total + Math.exp(scores[j]!), 0);
    return sum + Math.log(left) - scores[i]!;
  }, 0);

function expected(scores: number[], ranks: number[]): number {
  const allowed = permutations(scores.map((_, i) => i)).filter((order) =>
    order.every((i, at) => at === 0 || ranks[order[at - 1]!]! <= ranks[i]!),
  );
  return allowed.reduce((sum, order) => sum + orderLoss(scores, order), 0) / allowed.length;
}

function loss(scores: number[], ranks: number[]): { value: number; gradient: number[] } {
  const sets = remainingSets(ranks);
  const members = tf.tensor3d([sets.map((set) => set.members)]);
  const shares = tf.tensor2d([sets.map((set) => set.share)]);
  const { value, grad } = tf.valueAndGrad((x) => plackettLuceLosses(x as tf.Tensor2D, members, shares).sum())(
    tf.tensor2d([scores]),
  );
  return { value: value.dataSync()[0]!, gradient: [...grad.dataSync()] };
}

const list = fc
  .integer({ min: 2, max: 5 })
  .chain((n) =>
    fc.tuple(
      fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: n, maxLength: n }),
      fc.array(fc.integer({ min: 1, max: n }), { minLength: n, maxLength: n }),
    ),
  );

test("is the mean over the orders that the ranking allows, and so is its gradient", () => {
  fc.assert(
    fc.property(list, ([scores, ranks]) => {
      const { value, gradient } = loss(scores, ranks);
      expect(Math.abs(value - expected(scores, ranks))).toBeLessThan(1e-5);
      const e = 1e-4;
      gradient.forEach((slope, i) => {
        const at = (shift: number) => expected(scores.with(i, scores[i]! + shift), ranks);
        expect(Math.abs(slope - (at(e) - at(-e)) / (2 * e))).toBeLessThan(1e-5);
      });
    }),
    { numRuns: 50 },
  );
});

test("two answers give DPO's −log σ of their lead, a tie the mean of both ways round", () => {
  expect(loss([0.5, -0.5], [1, 2]).value).toBeCloseTo(0.3132617, 6);
  expect(loss([0.5, -0.5], [1, 1]).value).toBeCloseTo((0.3132617 + 1.3132617) / 2, 6);
});
