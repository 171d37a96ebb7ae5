// Bradley and Terry 1952: P(i beats j) = σ(θ_i − θ_j), fitted by Newton's method. Each step solves (Laplacian of the meetings) · step =
// gradient by conjugate gradients, so a fit costs a few passes over the meetings, however many writers there are.

import { groupBy } from "../../../common/group-by";
import { mean } from "../../../spec/statistics";

/** Two writers that met: how many votes there were, and how many of them the first won, ties half. */
export interface Meeting {
  i: number;
  j: number;
  votes: number;
  won: number;
}

const mostSteps = 50;
const mostDirections = 100;
/** How much of the gradient a step leaves: the next one sees to it. */
const leftOver = 1e-6;

/**
 * Log strengths θ of `writers` writers, in each group that met of mean 0. Each two that met have tied once more than they did, so that one
 * who never lost stays finite. Begins at `start`, and ends once no step is larger than `tolerance`.
 */
export function strengthsOf(
  meetings: Meeting[],
  writers: number,
  { start = new Float64Array(writers), tolerance = 1e-10 } = {},
): Float64Array<ArrayBuffer> {
  const met = tableOf(meetings.filter(({ votes }) => votes > 0));
  let theta = start;
  let reached = likelihood(met, theta);
  for (let round = 0; round < mostSteps; round++) {
    const step = solve(met, theta, writers);
    const size = step.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    if (size < tolerance) break;
    let share = Math.min(1, 4 / size);
    let next = moved(theta, step, share);
    while (likelihood(met, next) < reached && share > 1e-6) {
      share /= 2;
      next = moved(theta, step, share);
    }
    theta = next;
    reached = likelihood(met, theta);
  }
  return centred(met, theta);
}

/** Meetings as columns, which the loops below go through many times. */
interface Table {
  i: Int32Array;
  j: Int32Array;
  votes: Float64Array;
  won: Float64Array;
}

const tableOf = (meetings: Meeting[]): Table => ({
  i: Int32Array.from(meetings, ({ i }) => i),
  j: Int32Array.from(meetings, ({ j }) => j),
  votes: Float64Array.from(meetings, ({ votes }) => votes + 1),
  won: Float64Array.from(meetings, ({ won }) => won + 0.5),
});

/** With mean 0 in each group of writers that met, directly or through others: more the votes do not say. */
function centred({ i, j }: Table, theta: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const parent = [...theta.keys()];
  const rootOf = (writer: number): number => {
    let root = writer;
    while (parent[root] !== root) root = parent[root]!;
    parent[writer] = root;
    return root;
  };
  for (let k = 0; k < i.length; k++) parent[rootOf(i[k]!)] = rootOf(j[k]!);
  const groups = [...groupBy([...theta.keys()], rootOf)];
  const centres = new Map(groups.map(([root, members]) => [root, mean(members.map((k) => theta[k]!))]));
  return theta.map((x, writer) => x - centres.get(rootOf(writer))!);
}

const moved = (theta: Float64Array<ArrayBuffer>, step: Float64Array, share: number) =>
  theta.map((x, i) => x + share * step[i]!);

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
/** log σ(x), where σ itself would be 0 too. */
const logSigmoid = (x: number) => Math.min(0, x) - Math.log1p(Math.exp(-Math.abs(x)));

function likelihood({ i, j, votes, won }: Table, theta: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < i.length; k++) {
    const lead = theta[i[k]!]! - theta[j[k]!]!;
    sum += won[k]! * logSigmoid(lead) + (votes[k]! - won[k]!) * logSigmoid(-lead);
  }
  return sum;
}

/** Newton's step, by conjugate gradients with the Laplacian's diagonal as preconditioner. */
function solve({ i, j, votes, won }: Table, theta: Float64Array, n: number): Float64Array {
  const residual = new Float64Array(n);
  const diagonal = new Float64Array(n);
  const weights = new Float64Array(i.length);
  for (let k = 0; k < i.length; k++) {
    const p = sigmoid(theta[i[k]!]! - theta[j[k]!]!);
    const surprise = won[k]! - votes[k]! * p;
    weights[k] = Math.max(1e-12, votes[k]! * p * (1 - p));
    residual[i[k]!]! += surprise;
    residual[j[k]!]! -= surprise;
    diagonal[i[k]!]! += weights[k]!;
    diagonal[j[k]!]! += weights[k]!;
  }
  const times = (x: Float64Array) => {
    const product = new Float64Array(n);
    for (let k = 0; k < i.length; k++) {
      const flow = weights[k]! * (x[i[k]!]! - x[j[k]!]!);
      product[i[k]!]! += flow;
      product[j[k]!]! -= flow;
    }
    return product;
  };
  const scaled = () => residual.map((x, writer) => (diagonal[writer]! > 0 ? x / diagonal[writer]! : 0));
  const step = new Float64Array(n);
  let preconditioned = scaled();
  const direction = Float64Array.from(preconditioned);
  let left = dot(residual, preconditioned);
  const enough = Math.max(1e-30, left * leftOver ** 2);
  for (let round = 0; round < mostDirections && left > enough; round++) {
    const product = times(direction);
    const length = left / dot(direction, product);
    for (let writer = 0; writer < n; writer++) {
      step[writer]! += length * direction[writer]!;
      residual[writer]! -= length * product[writer]!;
    }
    preconditioned = scaled();
    const rest = dot(residual, preconditioned);
    for (let writer = 0; writer < n; writer++)
      direction[writer] = preconditioned[writer]! + (rest / left) * direction[writer]!;
    left = rest;
  }
  return step;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
