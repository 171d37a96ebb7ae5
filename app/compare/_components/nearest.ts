/** Where the number nearest to `at` is; −1 where there is none. */
export const nearest = (xs: number[], at: number): number =>
  xs.reduce((best, x, i) => (best < 0 || Math.abs(x - at) < Math.abs(xs[best]! - at) ? i : best), -1);
