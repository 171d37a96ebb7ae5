declare module "jstat" {
  const jstat: {
    studentt: {
      inv(probability: number, degrees: number): number;
      cdf(t: number, degrees: number): number;
    };
  };
  export default jstat;
}
