// Gao et al. 2022 (arXiv 2210.10760), section 3.1: oracle reward over d = √KL, counted from the start, where it is 0.

export interface Fit {
  alpha: number;
  beta: number;
  /** Share of the variance around the mean that the curve explains. */
  r2: number;
  /** Where the curve turns, in √nats; infinite where it never does. */
  peak: number;
}

/** R(d) = d (α − β log d), of reinforcement learning: least squares. Points at d = 0 say nothing and are left out. */
export function fitLearning(points: { d: number; reward: number }[]): Fit {
  const fitted = leastSquares(
    points,
    (d) => d,
    (d) => -d * Math.log(d),
  );
  const { alpha, beta } = fitted;
  return { ...fitted, peak: beta > 0 ? Math.exp(alpha / beta - 1) : Number.POSITIVE_INFINITY };
}

/** R(d) = d (α − β d), of best-of-n. */
export function fitBestOfN(points: { d: number; reward: number }[]): Fit {
  const fitted = leastSquares(
    points,
    (d) => d,
    (d) => -d * d,
  );
  const { alpha, beta } = fitted;
  return { ...fitted, peak: beta > 0 ? alpha / (2 * beta) : Number.POSITIVE_INFINITY };
}

/** α and β of α f(d) + β g(d), by the normal equations. */
function leastSquares(points: { d: number; reward: number }[], f: (d: number) => number, g: (d: number) => number) {
  const used = points.filter(({ d }) => d > 0);
  const sum = (of: (point: { d: number; reward: number }) => number) =>
    used.reduce((total, point) => total + of(point), 0);
  const [ff, fg, gg] = [sum(({ d }) => f(d) ** 2), sum(({ d }) => f(d) * g(d)), sum(({ d }) => g(d) ** 2)];
  const [fr, gr] = [sum(({ d, reward }) => f(d) * reward), sum(({ d, reward }) => g(d) * reward)];
  const determinant = ff * gg - fg * fg;
  const [alpha, beta] = [(fr * gg - gr * fg) / determinant, (gr * ff - fr * fg) / determinant];
  const mean = sum(({ reward }) => reward) / used.length;
  const missed = sum(({ d, reward }) => (reward - alpha * f(d) - beta * g(d)) ** 2);
  return { alpha, beta, r2: 1 - missed / sum(({ reward }) => (reward - mean) ** 2) };
}
