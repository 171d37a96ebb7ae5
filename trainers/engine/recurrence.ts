// h_t = a_t · h_{t−1} + b_t over time, element by element. A tape or a graph of one step a token would be as long as the longest row; this is as
// long for all: every chunk of a few tokens by itself, all chunks at once, then from chunk to chunk as a bidiagonal system, which
// TensorFlow solves in order.
import { tridiagonalSolve } from "./custom";
import { tf } from "./tensorflow";

/** Tokens of a chunk. */
const chunk = 8;

/** a and b [B, T, F], T a multiple of `chunk` → h [B, T, F]. Backward it is h_t = a_t · h_{t+1} + b_t. */
export function recurrence(a: tf.Tensor3D, b: tf.Tensor3D, backward = false): tf.Tensor3D {
  const [B, T, F] = a.shape;
  const steps = (x: tf.Tensor3D) => {
    const parts = tf.split(x.reshape([B, T / chunk, chunk, F]), chunk, 2) as tf.Tensor[]; // [B, T/8, 1, F] each
    return backward ? parts.reverse() : parts;
  };
  const [factors, inputs] = [steps(a), steps(b)];
  // of each token in its chunk: what the chunk makes of nothing, and what is left of what comes into it
  const made = [inputs[0]!];
  const kept = [factors[0]!];
  for (let t = 1; t < chunk; t++) {
    made.push(factors[t]!.mul(made[t - 1]!).add(inputs[t]!));
    kept.push(factors[t]!.mul(kept[t - 1]!));
  }
  const perChunk = (x: tf.Tensor) => x.reshape<tf.Tensor3D>([B, T / chunk, F]);
  const leaving = betweenChunks(perChunk(kept.at(-1)!), perChunk(made.at(-1)!).expandDims(3), backward);
  const entering = shifted(leaving.reshape([B, T / chunk, F]), backward).expandDims(2); // [B, T/8, 1, F]
  const whole = made.map((own, t) => own.add(kept[t]!.mul(entering)));
  return tf.concat(backward ? whole.reverse() : whole, 2).reshape([B, T, F]);
}

/** The same from chunk to chunk, over columns that share their factors. a [B, C, F], b [B, C, F, K] → [B, C, F, K] */
export function betweenChunks(a: tf.Tensor3D, b: tf.Tensor4D, backward = false): tf.Tensor4D {
  const [B, C, F, K] = b.shape;
  const minus = a
    .transpose([0, 2, 1])
    .reshape([B * F, 1, C])
    .neg();
  const none = tf.zerosLike(minus);
  const one = tf.onesLike(minus);
  const diagonals = tf.concat(backward ? [minus, one, none] : [none, one, minus], 1) as tf.Tensor3D;
  const right = b.transpose([0, 2, 1, 3]).reshape<tf.Tensor3D>([B * F, C, K]);
  return tridiagonalSolve(diagonals, right).reshape([B, F, C, K]).transpose([0, 2, 1, 3]);
}

/** What stands before each along the second axis, after it where `backward`; 0 at the end. */
export function shifted<T extends tf.Tensor>(x: T, backward = false): T {
  const [, length, ...rest] = x.shape as [number, number, ...number[]];
  const none = tf.zerosLike(tf.slice(x, 0, [-1, 1, ...rest.map(() => -1)]));
  const begin = (at: number) => [0, at, ...rest.map(() => 0)];
  const size = [-1, length - 1, ...rest.map(() => -1)];
  return (
    backward ? tf.concat([tf.slice(x, begin(1), size), none], 1) : tf.concat([none, tf.slice(x, begin(0), size)], 1)
  ) as T;
}

/** Filled up with zeros at its end. [B, T, …] */
export function wholeChunks<T extends tf.Tensor>(x: T, size = chunk): T {
  const missing = (size - (x.shape[1]! % size)) % size;
  return missing === 0
    ? x
    : tf.pad(
        x,
        x.shape.map((_, axis): [number, number] => [0, axis === 1 ? missing : 0]),
      );
}
