// Mamba-2's scan (Dao & Gu 2024, arXiv 2405.21060, section 6): all channels of a head decay alike, so that a chunk's tokens are mixed by small
// products, as attention mixes them, and states are kept between chunks only. What it makes on the way is computed again in the backward pass.
// B rows, T tokens, C chunks of Q, H heads of P channels, G groups of r = H/G heads, N numbers of state a channel.
import { fused } from "./ops";
import { recomputed } from "./recompute";
import { betweenChunks, shifted, wholeChunks } from "./recurrence";
import { tf } from "./tensorflow";

/** Tokens of a chunk. */
const Q = 16;

export interface Heads {
  count: number; // H
  width: number; // P
  groups: number; // G
}

/** Of every token. */
export type HeadScanInput = {
  x: tf.Tensor3D; // [B, T, H·P]
  /** Time steps. At 0 a token leaves the state as it is. */
  dt: tf.Tensor3D; // [B, T, H]
  /** Rates, negative. */
  a: tf.Tensor1D; // [H]
  b: tf.Tensor3D; // [B, T, G·N]
  c: tf.Tensor3D; // [B, T, G·N]
};

/** h_t = exp(Δ_t A) h_{t−1} + Δ_t x_t B_tᵀ from 0, read as y_t = h_t C_t. → [B, T, H·P] */
export function headScan({ x, dt, a, b, c }: HeadScanInput, heads: Heads): tf.Tensor3D {
  const [B, T, I] = x.shape;
  const parts = [x, dt, b, c].map((part) => wholeChunks(part, Q));
  const width = parts[0]!.shape[1]!;
  const sizes = parts.map((part) => part.shape[2]!);
  const together = tf.concat(parts, 2).reshape<tf.Tensor2D>([B * width, -1]);
  const scan = (together: tf.Tensor2D) => {
    const [x, dt, b, c] = tf.split(together.reshape([B, width, -1]), sizes, 2) as Four<tf.Tensor3D>;
    return chunked({ x, dt, a, b, c }, heads).y.reshape<tf.Tensor2D>([B * width, I]);
  };
  const y = recomputed(scan, together, [a], "block").reshape<tf.Tensor3D>([B, width, I]);
  return width === T ? y : tf.slice(y, [0, 0, 0], [B, T, I]);
}

/** The same with the last state, which T tokens leave. Without a gradient. → [B, T, H·P] and [B, H, P, N] */
export function headScanAndState({ x, dt, a, b, c }: HeadScanInput, heads: Heads) {
  const whole = { x: wholeChunks(x, Q), dt: wholeChunks(dt, Q), a, b: wholeChunks(b, Q), c: wholeChunks(c, Q) };
  const { y, states } = chunked(whole, heads); // [B, T, H·P], [B, C, H, P·N]
  const last = tf.slice(states, [0, states.shape[1]! - 1], [-1, 1]);
  return { y: tf.slice(y, [0, 0, 0], x.shape), state: last.reshape([x.shape[0], heads.count, heads.width, -1]) };
}

/** The same of one token after `state` [B, H, P, N]. */
export function headScanStep({ x, dt, a, b, c }: HeadScanInput, heads: Heads, state: tf.Tensor) {
  const [B] = x.shape;
  const { count: H, width: P, groups: G } = heads;
  const ofHeads = (x: tf.Tensor) => tf.tile(x.reshape([B, G, 1, -1]), [1, 1, H / G, 1]).reshape([B, H, 1, -1]);
  const step = dt.reshape([B, H, 1, 1]);
  const entering = step.mul(x.reshape([B, H, P, 1])).mul(ofHeads(b)); // [B, H, P, N]
  const next = step
    .mul(a.reshape([1, H, 1, 1]))
    .exp()
    .mul(state)
    .add(entering);
  return {
    y: next
      .mul(ofHeads(c))
      .sum(3)
      .reshape<tf.Tensor3D>([B, 1, H * P]),
    state: next,
  };
}

/** In plain ops. T is a multiple of Q. */
function chunked({ x, dt, a, b, c }: HeadScanInput, { count: H, width: P, groups: G }: Heads) {
  const [B, T] = x.shape;
  const [C, r] = [T / Q, H / G];
  const byGroup = (
    x: tf.Tensor, // [B, T, G·w] → [B·C·G, Q, w]
  ) =>
    x
      .reshape([B, C, Q, G, -1])
      .transpose([0, 1, 3, 2, 4])
      .reshape<tf.Tensor3D>([B * C * G, Q, -1]);
  const byHead = (
    x: tf.Tensor, // [B·C·G, Q, r·P] → [B·C·H, Q, P]
  ) =>
    x
      .reshape([B * C * G, Q, r, P])
      .transpose([0, 2, 1, 3])
      .reshape<tf.Tensor3D>([B * C * H, Q, P]);

  // Decay from just after token s to token t, for s from before the first of the chunk on.
  const rates = dt
    .mul(a)
    .reshape([B * C, Q, H])
    .transpose([0, 2, 1])
    .reshape<tf.Tensor2D>([B * C * H, Q]);
  const decay = tf
    .matMul(rates, spans())
    .exp()
    .reshape<tf.Tensor3D>([B * C * H, Q, Q + 1]);
  const [fromStart, between] = tf.split(decay, [1, Q], 2) as [tf.Tensor3D, tf.Tensor3D];
  const toEnd = tf.slice(between, [0, Q - 1, 0], [-1, 1, -1]).reshape([B * C * H, Q, 1]);
  const whole = tf.slice(fromStart, [0, Q - 1, 0], [-1, 1, 1]).reshape<tf.Tensor3D>([B, C, H]);

  const [keys, queries] = [byGroup(b), byGroup(c)]; // [B·C·G, Q, N]
  const u = byHead(byGroup(x)).mul(
    dt
      .reshape([B * C, Q, H])
      .transpose([0, 2, 1])
      .reshape([B * C * H, Q, 1]),
  );
  const scores = tf.matMul(queries, keys, false, true).mul(past()); // [B·C·G, Q, Q]
  const mixed = between
    .reshape([B * C * G, r, Q * Q])
    .mul(scores.reshape([B * C * G, 1, Q * Q]))
    .reshape<tf.Tensor3D>([B * C * H, Q, Q]);
  const within = tf.matMul(mixed, u as tf.Tensor3D); // [B·C·H, Q, P]

  const backToGroups = (
    x: tf.Tensor, // [B·C·H, Q, w] → [B·C·G, Q, r·w]
  ) =>
    x
      .reshape([B * C * G, r, Q, -1])
      .transpose([0, 2, 1, 3])
      .reshape<tf.Tensor3D>([B * C * G, Q, -1]);
  const made = tf.matMul(backToGroups(u.mul(toEnd)), keys, true); // [B·C·G, r·P, N]
  const states = chunkRecurrence(whole, made.reshape([B, C, H, -1])); // [B, C, H, P·N]
  const entering = shifted(states).reshape<tf.Tensor3D>([B * C * G, r * P, -1]);
  const carried = byHead(tf.matMul(queries, entering, false, true)).mul(fromStart); // [B·C·H, Q, P]
  const y = backToGroups(within.add(carried))
    .reshape([B, C, G, Q, r * P])
    .transpose([0, 1, 3, 2, 4]);
  return { y: y.reshape<tf.Tensor3D>([B, T, H * P]), states };
}

/** betweenChunks, with its gradient. a [B, C, H], b [B, C, H, K] */
const chunkRecurrence = (a: tf.Tensor3D, b: tf.Tensor4D): tf.Tensor4D =>
  fused<tf.Tensor4D>(
    [a, b],
    (a, b) => {
      const states = betweenChunks(a as tf.Tensor3D, b as tf.Tensor4D);
      return { value: states, saved: [states] };
    },
    (dy, [a], [states]) => {
      const g = betweenChunks(shifted(a as tf.Tensor3D, true), dy, true);
      return [g.mul(shifted(states!)).sum(3), g];
    },
  );

type Four<T> = [T, T, T, T];

/** Which rates add up from just after token s to token t: column t · (Q + 1) + s + 1, s from −1 on. Nothing where s ≥ t. [Q, Q · (Q + 1)] */
const spans = () =>
  tf.tensor2d(
    Float32Array.from({ length: Q * Q * (Q + 1) }, (_, i) => {
      const column = i % (Q * (Q + 1));
      const [token, t, s] = [Math.floor(i / (Q * (Q + 1))), Math.floor(column / (Q + 1)), (column % (Q + 1)) - 1];
      return token > s && token <= t ? 1 : 0;
    }),
    [Q, Q * (Q + 1)],
  );

/** 1 where a token s is not after t. [Q, Q] */
const past = () =>
  tf.tensor2d(
    Float32Array.from({ length: Q * Q }, (_, i) => (i % Q <= Math.floor(i / Q) ? 1 : 0)),
    [Q, Q],
  );
