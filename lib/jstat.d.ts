declare module "jstat" {
  const jstat: {
    /** Of a square matrix. */
    inv(matrix: number[][]): number[][];
    normal: { cdf(x: number, mean: number, deviation: number): number };
    studentt: {
      inv(probability: number, degrees: number): number;
      cdf(t: number, degrees: number): number;
    };
  };
  export default jstat;
}
