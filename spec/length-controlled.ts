// The length-controlled win rate (Dubois et al. 2024, arXiv 2404.04475): judges like longer answers, so how often an answer would be preferred
// if both were of the same length is estimated by a logistic regression.
import { deviation } from "./statistics";

export interface Compared {
  /** Characters of the answer, and of the one that it is compared with. */
  length: number;
  otherLength: number;
  /** How far it was preferred: 1, 0, ½ for a tie, or a judge's probability. */
  preferred: number;
}

export interface LengthControlled {
  /** Between 0 and 1. */
  winRate: number;
  /** Standard error; infinite where length alone tells every preference, so that θ is anybody's guess. */
  error: number;
  /** θ and φ below. */
  skill: number;
  perLength: number;
}

/** Two numbers are estimated: of fewer comparisons they say nothing. */
export const fewestCompared = 10;

/** As weak a penalty as keeps the equations solvable where all answers are as long, or one side wins always. */
const ridge = 1e-6;
const steps = 100;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * Eq. 3 without its term for the difficulty of the instruction, which takes many models to know (alpaca_eval's `length_controlled_minimal`):
 *   P(preferred) = σ(θ + φ tanh(Δ / sd Δ)), where Δ = length − otherLength; at Δ = 0 the win rate is σ(θ).
 * By Newton's method; the standard error is Huber's, so that preferences between 0 and 1 may be given.
 */
export function lengthControlled(rows: Compared[]): LengthControlled {
  const deltas = rows.map(({ length, otherLength }) => length - otherLength);
  const unit = deviation(deltas) || 1;
  const x = deltas.map((delta) => Math.tanh(delta / unit));
  let [theta, phi] = [0, 0];
  for (let i = 0; i < steps; i++) {
    const { gradient, inverse } = derivatives(rows, x, theta, phi);
    const [a, b] = product(inverse, gradient);
    theta += a;
    phi += b;
    if (Math.hypot(a, b) < 1e-12) break;
  }
  const { inverse, outer } = derivatives(rows, x, theta, phi);
  const [first] = product(inverse, product(outer, [inverse[0], inverse[1]])); // (H⁻¹ G H⁻¹)₀₀
  const winRate = sigmoid(theta);
  const isTold =
    rows.some(({ preferred }) => preferred !== 0.5) &&
    rows.every(({ preferred }, i) => Math.abs(preferred - sigmoid(theta + phi * x[i]!)) < 0.01);
  const error = isTold ? Number.POSITIVE_INFINITY : winRate * (1 - winRate) * Math.sqrt(first);
  return { winRate, error, skill: theta, perLength: phi };
}

/** [a, b, d] of [[a, b], [b, d]]. */
type Symmetric = [number, number, number];
const product = ([a, b, d]: Symmetric, [x, y]: [number, number]): [number, number] => [a * x + b * y, b * x + d * y];

/** Gradient of the log-likelihood, the inverse of its negative Hessian, and the sum of outer products of the rows' gradients. */
function derivatives(rows: Compared[], x: number[], theta: number, phi: number) {
  const gradient: [number, number] = [-ridge * theta, -ridge * phi];
  const hessian: Symmetric = [ridge, 0, ridge];
  const outer: Symmetric = [0, 0, 0];
  rows.forEach(({ preferred }, i) => {
    const p = sigmoid(theta + phi * x[i]!);
    const [rest, weight] = [preferred - p, p * (1 - p)];
    const terms = [1, x[i]!, x[i]! ** 2] as const;
    gradient[0] += rest;
    gradient[1] += rest * x[i]!;
    terms.forEach((term, at) => {
      hessian[at]! += weight * term;
      outer[at]! += rest ** 2 * term;
    });
  });
  const determinant = hessian[0] * hessian[2] - hessian[1] ** 2;
  const inverse: Symmetric = [hessian[2] / determinant, -hessian[1] / determinant, hessian[0] / determinant];
  return { gradient, inverse, outer };
}
