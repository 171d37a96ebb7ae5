import { expect, test } from "vitest";
import { chancesOfBest } from "./best-of-n";

const choose = (n: number, k: number): number => (k === 0 ? 1 : k > n ? 0 : (choose(n - 1, k - 1) * n) / k);

test.each([1, 2, 5, 12])("the best of %i among 12 has the ranks that counting gives", (n) => {
  const counted = Array.from({ length: 12 }, (_, i) => choose(i, n - 1) / choose(12, n));
  chancesOfBest(n, 12).forEach((chance, i) => {
    expect(chance).toBeCloseTo(counted[i]!, 12);
  });
});
