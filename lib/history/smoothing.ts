// Smoothed curves: an average of the past that fades, computed on all of it.

/** Weights of the past that charts can smooth with; summaries keep the smoothed value at their end for each. */
export const smoothingWeights = [0.6, 0.9, 0.97, 0.99];

/** Moving averages as they stand after `count` points, one for each weight. */
export interface Smoothing {
  count: number;
  smooth: number[];
}

/**
 * Exponential moving average divided by the weights that are there: s_t = Σ wⁱ y_{t−i} / Σ wⁱ, going on from `before` after `count` points.
 * The function takes the points in order.
 */
export function movingAverage(weight: number, before = 0, count = 0): (value: number) => number {
  let weights = (1 - weight ** count) / (1 - weight); // Σ_{i<count} wⁱ
  let sum = before * weights;
  return (value) => {
    [sum, weights] = [weight * sum + value, weight * weights + 1];
    return sum / weights;
  };
}
