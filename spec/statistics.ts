// Statistics that pages and trainers share.

export const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
export const mean = (values: number[]) => sum(values) / values.length;

function squaresAroundMean(values: number[]): number {
  const middle = mean(values);
  return values.reduce((total, value) => total + (value - middle) ** 2, 0);
}

/** Of a sample, with Bessel's correction (n − 1); 0 of a single value. */
export const deviation = (values: number[]) => Math.sqrt(squaresAroundMean(values) / Math.max(1, values.length - 1));

/** Of values that are all there are (n), such as the models of an ensemble. */
export const populationDeviation = (values: number[]) => Math.sqrt(squaresAroundMean(values) / values.length);

/** Wilson's 95 % interval of a share of n (Wilson 1927). */
export function wilson(share: number, n: number): [number, number] {
  const z = 1.959964;
  const center = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return [Math.max(0, center - half), Math.min(1, center + half)];
}
