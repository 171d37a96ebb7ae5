/** A matrix as the one number that golden files keep of it, which depends on every element and its place: Σ w[i] cos(i). */
export const cosineSum = (data: ArrayLike<number>): number =>
  Array.from(data).reduce((sum, value, i) => sum + value * Math.cos(i), 0);
