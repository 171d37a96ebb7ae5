// Expected numbers: krippendorff 0.9.0, statsmodels 0.15.0, scikit-learn 1.9.1 (data/golden/make-agreement.py).
import { expect, test } from "vitest";
import { createRandom } from "../../../common/random";
import golden from "../../../data/golden/agreement.json" with { type: "json" };
import {
  bootstrapInterval,
  cohenKappa,
  fleissKappa,
  krippendorffAlpha,
  nominal,
  ordinal,
  percentAgreement,
} from "./coefficients";

interface Case {
  scores: (number | null)[][];
  alphaNominal: number;
  alphaOrdinal: number;
  fleiss?: number;
  cohen?: number;
}
const cases = golden.cases as Case[];
const side = (score: number) => Math.sign(score);

test.each(cases.map((one, i) => [i, one] as const))("equals the packages' values, case %i", (_, one) => {
  const units = one.scores.map((row) => row.filter((score) => score !== null));
  const sides = units.map((row) => row.map(side));
  expect(Math.abs(krippendorffAlpha(sides, nominal) - one.alphaNominal)).toBeLessThan(1e-9);
  expect(Math.abs(krippendorffAlpha(units, ordinal) - one.alphaOrdinal)).toBeLessThan(1e-9);
  if (one.fleiss !== undefined) expect(Math.abs(fleissKappa(sides) - one.fleiss)).toBeLessThan(1e-9);
  if (one.cohen !== undefined) expect(Math.abs(cohenKappa(sides as [number, number][]) - one.cohen)).toBeLessThan(1e-9);
});

test("has a case of each statistic", () => {
  for (const name of ["fleiss", "cohen"] as const)
    expect(cases.filter((one) => one[name] !== undefined).length).toBeGreaterThan(1);
});

test("percent agreement counts pairs of raters", () => {
  expect(percentAgreement([["a", "a", "b"], ["a", "a"], ["b"]])).toBe(2 / 4);
  expect(percentAgreement([["a"]])).toBeNaN();
});

test("a bootstrap interval holds the statistic and narrows with more items", () => {
  const random = createRandom("bootstrap");
  const units = (n: number) => Array.from({ length: n }, () => (random() < 0.7 ? [1, 1] : [1, 2]));
  const [few, many] = [units(30), units(3000)];
  const width = (sample: number[][]) => {
    const [low, high] = bootstrapInterval(sample, percentAgreement, random);
    expect(low).toBeLessThanOrEqual(percentAgreement(sample));
    expect(high).toBeGreaterThanOrEqual(percentAgreement(sample));
    return high - low;
  };
  expect(width(few)).toBeGreaterThan(4 * width(many));
  // of 3,000 coins with 0.7 the normal interval is ± 1.96 √(0.21 / 3000) = ± 0.0164
  expect(width(many)).toBeCloseTo(2 * 0.0164, 2);
});

test("items with different numbers of raters have no Fleiss' κ", () => {
  expect(() => fleissKappa([[1, 2], [1]])).toThrow("equally many");
});
