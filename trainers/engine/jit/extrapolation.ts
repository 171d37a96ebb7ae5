// What a graph's small constants are for inputs of sizes that were never recorded. A shape in a graph is linear in the sizes of the inputs
// (tokens of a prompt plus those of its answers, …): where new sizes are a weighted sum of recorded ones, each constant is the same sum.

/** One recording: the sizes of its inputs, and every constant's values. */
interface Sample {
  sizes: number[];
  constants: number[][];
}

/** Recordings of one graph, and what follows from them. */
export interface Extrapolation {
  /** The constants for other sizes; null where they do not follow, or no prediction has yet been seen to come true. */
  predict(sizes: number[]): number[][] | null;
  /** Adds a recording. */
  learn(sample: Sample): void;
}

export function createExtrapolation(): Extrapolation {
  /** None is a weighted sum of those before it. */
  const samples: Sample[] = [];
  let trust: "untested" | "confirmed" | "refuted" = "untested";

  const weighted = (sizes: number[]) =>
    weightsOf(
      samples.map((sample) => [1, ...sample.sizes]),
      [1, ...sizes],
    );
  const sum = (weights: number[]) =>
    weightedSum(
      samples.map(({ constants }) => constants),
      weights,
    );
  return {
    predict(sizes) {
      const weights = trust === "confirmed" ? weighted(sizes) : null;
      return weights && sum(weights);
    },
    learn(sample) {
      if (trust === "refuted") return;
      const weights = weighted(sample.sizes);
      if (!weights) samples.push(sample);
      else trust = JSON.stringify(sum(weights)) === JSON.stringify(sample.constants) ? "confirmed" : "refuted";
    },
  };
}

/** Each constant's sum, exact: one that differs from recording to recording must come out as an integer. Null where one does not. */
function weightedSum(recordings: number[][][], weights: number[]): number[][] | null {
  const sum = recordings[0]!.map((first, c) =>
    first.map((value, i) => {
      const values = recordings.map((constants) => constants[c]![i]!);
      if (values.every((other) => other === value)) return value;
      const exact = values.reduce((total, other, s) => total + weights[s]! * other, 0);
      return Math.abs(exact - Math.round(exact)) < 1e-3 ? Math.round(exact) : Number.NaN;
    }),
  );
  return sum.flat().some(Number.isNaN) ? null : sum;
}

/** Weights with which the rows add up to `target`, by Gaussian elimination; null where there are none. The rows are independent. */
export function weightsOf(rows: number[][], target: number[]): number[] | null {
  const n = rows.length;
  // an equation for each column of the rows, scaled so that a tolerance means the same in all
  const equations = target.map((right, k) => {
    const left = rows.map((row) => row[k]!);
    const scale = Math.max(Math.abs(right), ...left.map(Math.abs)) || 1;
    return [...left, right].map((value) => value / scale);
  });
  for (let column = 0; column < n; column++) {
    const rest = equations.slice(column);
    const pivot = rest.reduce((best, row) => (Math.abs(row[column]!) > Math.abs(best[column]!) ? row : best), rest[0]!);
    equations.splice(equations.indexOf(pivot), 1);
    equations.splice(column, 0, pivot);
    for (const row of equations) {
      if (row === pivot) continue;
      const factor = row[column]! / pivot[column]!;
      for (let k = column; k <= n; k++) row[k]! -= factor * pivot[k]!;
    }
  }
  const consistent = equations.slice(n).every((row) => Math.abs(row[n]!) < 1e-9);
  return consistent ? equations.slice(0, n).map((row, i) => row[n]! / row[i]!) : null;
}
