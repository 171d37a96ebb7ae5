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

/** Whitening: standard deviation 1 (with Bessel's correction), and mean 0 unless `keepMean`. Fewer than two numbers are returned unchanged. */
export function whiten(rows: number[][], keepMean = false): number[][] {
  const all = rows.flat();
  if (all.length < 2) return rows;
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  const variance = all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (all.length - 1);
  const scale = 1 / Math.sqrt(variance + 1e-8);
  return rows.map((row) => row.map((x) => (x - mean) * scale + (keepMean ? mean : 0)));
}

/** The share of the variance of `values` that `predictions` explain: 1 − Var(values − predictions) / Var(values); 0 where all values are equal. */
export function explainedVariance(predictions: number[], values: number[]): number {
  const variance = deviation(values) ** 2;
  return variance === 0 ? 0 : 1 - deviation(values.map((value, i) => value - predictions[i]!)) ** 2 / variance;
}
