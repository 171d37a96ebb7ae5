// Mamba's selective scan (Gu & Dao 2023, arXiv 2312.00752, algorithm 2) as one node on the tape: the states of all tokens, the largest
// arrays of a layer, are computed again in the backward pass, and only for some of the channels at a time.
// B rows, T tokens, I channels, N numbers of state a channel.
import { barrier } from "./custom";
import { fused } from "./ops";
import { recurrence, shifted, wholeChunks } from "./recurrence";
import { tf } from "./tensorflow";

/** Of every token. */
export type ScanInput = {
  x: tf.Tensor3D; // [B, T, I]
  /** Time steps. At 0 a token leaves the state as it is. */
  dt: tf.Tensor3D; // [B, T, I]
  /** Rates, negative. */
  a: tf.Tensor2D; // [I, N]
  b: tf.Tensor3D; // [B, T, N]
  c: tf.Tensor3D; // [B, T, N]
};

/** h_t = exp(Δ_t A) h_{t−1} + Δ_t B_t x_t from 0, read as y_t = C_t h_t. → [B, T, I] */
export function selectiveScan({ x, dt, a, b, c }: ScanInput): tf.Tensor3D {
  const [B, T, I] = x.shape;
  const y = scanOfChunks(wholeChunks(x), wholeChunks(dt), a, wholeChunks(b), wholeChunks(c));
  return y.shape[1] === T ? y : tf.slice(y, [0, 0, 0], [B, T, I]);
}

function scanOfChunks(x: tf.Tensor3D, dt: tf.Tensor3D, a: tf.Tensor2D, b: tf.Tensor3D, c: tf.Tensor3D): tf.Tensor3D {
  const I = x.shape[2];
  const groups = I % 4 === 0 ? 4 : 1;
  const parted = (x: tf.Tensor, axis: number) => (groups === 1 ? [x] : tf.split(x, groups, axis));
  return fused<tf.Tensor3D>(
    [x, dt, a, b, c],
    (x, dt, a, b, c) => {
      const [xs, dts, as] = [parted(x!, 2), parted(dt!, 2), parted(a!, 0)];
      const ys: tf.Tensor[] = [];
      for (let g = 0; g < groups; g++) {
        const { states } = statesOf(xs[g]!, after(dts[g]!, ys[g - 1]), as[g]!, b!);
        ys.push(read(states, c!));
      }
      return { value: joined(ys, 2) as tf.Tensor3D, saved: [] };
    },
    (dy, [x, dt, a, b, c]) => {
      const [xs, dts, as, dys] = [parted(x!, 2), parted(dt!, 2), parted(a!, 0), parted(dy, 2)];
      const made: tf.Tensor[][] = [];
      for (let g = 0; g < groups; g++)
        made.push(backward(xs[g]!, after(dts[g]!, made[g - 1]?.[1] ?? dy), as[g]!, b!, c!, dys[g]!));
      const of = (i: number) => made.map((each) => each[i]!);
      return [joined(of(0), 2), joined(of(1), 2), joined(of(2), 0), tf.addN(of(3)), tf.addN(of(4))];
    },
  );
}

/** The gradients at x, Δ, A, B and C. */
function backward(x: tf.Tensor, dt: tf.Tensor, a: tf.Tensor, b: tf.Tensor, c: tf.Tensor, dy: tf.Tensor): tf.Tensor[] {
  const [B, T, I] = x.shape as [number, number, number];
  const N = a.shape[1]!;
  const perToken = (x: tf.Tensor, rows: number, columns: number) => x.reshape<tf.Tensor3D>([B * T, rows, columns]);
  const { states, decay, input } = statesOf(x, dt, a, b);
  const flat = (x: tf.Tensor) => x.reshape<tf.Tensor3D>([B, T, I * N]);
  const later = shifted(flat(decay), true); // how a state decays on its way to the next token
  const dState = recurrence(later, flat(dy.expandDims(3).mul(c.expandDims(2))), true).reshape([B, T, I, N]);
  const dDecayed = dState.mul(decay).mul(shifted(states)); // at Δ A
  const dInput = tf.matMul(perToken(dState, I, N), perToken(b, N, 1)).reshape([B, T, I]); // at Δ x
  return [
    dInput.mul(dt),
    dDecayed.mul(a).sum(3).add(dInput.mul(x)),
    dDecayed.mul(dt.expandDims(3)).sum([0, 1]),
    tf.matMul(perToken(input, 1, I), perToken(dState, I, N)).reshape([B, T, N]),
    tf.matMul(perToken(dy, 1, I), perToken(states, I, N)).reshape([B, T, N]),
  ];
}

/** All states [B, T, I, N]; how each came from the one before, and Δ x. */
function statesOf(x: tf.Tensor, dt: tf.Tensor, a: tf.Tensor, b: tf.Tensor) {
  const [B, T, I] = x.shape as [number, number, number];
  const N = a.shape[1]!;
  const decay = dt.expandDims(3).mul(a).exp(); // [B, T, I, N]
  const input = dt.mul(x); // [B, T, I]
  const entering = input.expandDims(3).mul(b.expandDims(2)); // [B, T, I, N]
  const flat = (x: tf.Tensor) => x.reshape<tf.Tensor3D>([B, T, I * N]);
  return { states: recurrence(flat(decay), flat(entering)).reshape([B, T, I, N]), decay, input };
}

/** [B, T, I, N], [B, T, N] → [B, T, I] */
function read(states: tf.Tensor, c: tf.Tensor): tf.Tensor3D {
  const [B, T, I, N] = states.shape as [number, number, number, number];
  return tf.matMul(states.reshape([B * T, I, N]), c.reshape([B * T, N, 1])).reshape([B, T, I]);
}

/** The same with the last state, which T tokens leave. Without a gradient. → [B, T, I] and [B, I, N] */
export function scanAndState({ x, dt, a, b, c }: ScanInput): { y: tf.Tensor3D; state: tf.Tensor3D } {
  const [B, T, I] = x.shape;
  const { states } = statesOf(wholeChunks(x), wholeChunks(dt), a, wholeChunks(b));
  const last = tf.slice(states, [0, states.shape[1]! - 1, 0, 0], [B, 1, I, -1]);
  const y = read(states, wholeChunks(c));
  return { y: tf.slice(y, [0, 0, 0], [B, T, I]), state: last.reshape([B, I, -1]) };
}

/** The same of one token after `state` [B, I, N]. */
export function scanStep({ x, dt, a, b, c }: ScanInput, state: tf.Tensor): { y: tf.Tensor3D; state: tf.Tensor3D } {
  const [B, , I] = x.shape;
  const step = dt.reshape([B, I, 1]);
  const entering = step.mul(x.reshape([B, I, 1])).mul(b); // b is [B, 1, N]
  const next = step.mul(a).exp().mul(state).add<tf.Tensor3D>(entering);
  return { y: read(next.expandDims(1), c), state: next };
}

const after = (x: tf.Tensor, before: tf.Tensor | undefined) => (before ? barrier(x, before) : x);
const joined = (parts: tf.Tensor[], axis: number) => (parts.length === 1 ? parts[0]! : tf.concat(parts, axis));
