// The numbers of GGUF's blocks by TensorFlow's own ops: each is scale · code, or scale · code + minimum. Products of a 16-bit float, an integer
// scale and a code fit into float32's 24 bits, so that whichever way it is computed the bits are the same.
import { unpacked } from "../custom";
import { tf } from "../tensorflow";
import { blockBytes, type HeldType, heldTypes } from "./types";

/** Of n blocks, each in groups that share a scale. */
interface Coded {
  codes: tf.Tensor; // [n, groups, numbers]
  scales: tf.Tensor; // [n, groups]
  minima?: tf.Tensor; // [n, groups]
}

/** The `size` numbers of the blocks that begin with the first of `words`. → [size] */
export function plainNumbers(words: tf.Tensor1D, type: HeldType, size: number): tf.Tensor1D {
  const blocks = size / heldTypes[type].values;
  const bytes = unpacked(words, [0, 8, 16, 24], 255).flatten().slice(0, blockBytes(type, size));
  const { codes, scales, minima } = read[type](bytes.reshape([blocks, -1]));
  const scaled = codes.mul(scales.expandDims(-1));
  return (minima ? scaled.add(minima.expandDims(-1)) : scaled).reshape([size]);
}

/** By the bytes of blocks [n, bytes] int32. */
const read: Record<HeldType, (bytes: tf.Tensor2D) => Coded> = {
  Q4_0: (b) => ({ codes: oneGroup(nibbles(cut(b, 2, 16))).sub(8), scales: halfAt(b, 0) }),
  Q4_1: (b) => ({ codes: oneGroup(nibbles(cut(b, 4, 16))), scales: halfAt(b, 0), minima: halfAt(b, 2) }),
  Q5_0: (b) => ({ codes: fiveBits(b, 2).sub(16), scales: halfAt(b, 0) }),
  Q5_1: (b) => ({ codes: fiveBits(b, 4), scales: halfAt(b, 0), minima: halfAt(b, 2) }),
  Q8_0: (b) => ({ codes: oneGroup(signed(cut(b, 2, 32))), scales: halfAt(b, 0) }),
  Q4_K: (b) => ({ codes: eightGroups(nibbles(lines(cut(b, 16, 128)))), ...groupScales(b) }),
  Q5_K: (b) => {
    const high = planes(cut(b, 16, 32), [0, 1, 2, 3, 4, 5, 6, 7], 1); // [n, 8, 32]
    return { codes: eightGroups(nibbles(lines(cut(b, 48, 128)))).add(high.mul(16)), ...groupScales(b) };
  },
  Q6_K: (b) => {
    const low = nibbles(lines(cut(b, 0, 128))).reshape([-1, 2, 2, 2, 32]); // half of the block, row of bytes, nibble
    const high = planes(lines(cut(b, 128, 64)), [0, 2, 4, 6], 3);
    const codes = eightGroups(tf.transpose(low, [0, 1, 3, 2, 4]))
      .add(eightGroups(high).mul(16))
      .sub(32);
    return { codes: codes.reshape([-1, 16, 16]), scales: halfAt(b, 208).mul(signed(cut(b, 192, 16))) };
  },
};

const cut = (bytes: tf.Tensor2D, from: number, count: number): tf.Tensor2D => bytes.slice([0, from], [-1, count]);
const lines = (x: tf.Tensor): tf.Tensor2D => x.reshape([-1, 32]);
const oneGroup = (x: tf.Tensor): tf.Tensor => x.reshape([-1, 1, 32]);
const eightGroups = (x: tf.Tensor): tf.Tensor => x.reshape([-1, 8, 32]);

/** x >> shift & mask: of one shift all, then of the next. [m, k] → [m, shifts, k] */
const planes = (x: tf.Tensor2D, shifts: number[], mask: number): tf.Tensor =>
  tf
    .transpose(unpacked(x.flatten(), shifts, mask).reshape([x.shape[0], x.shape[1], shifts.length]), [0, 2, 1])
    .toFloat();

/** The same of one shift. [m, k] → [m, k] */
const part = (x: tf.Tensor2D, shift: number, mask: number): tf.Tensor2D =>
  unpacked(x.flatten(), [shift], mask).reshape<tf.Tensor2D>(x.shape).toFloat();

/** The low halves of bytes, then the high ones. [m, k] → [m, 2, k] */
const nibbles = (x: tf.Tensor2D): tf.Tensor => planes(x, [0, 4], 15);

/** Bytes as numbers from −128 to 127. */
const signed = (x: tf.Tensor2D): tf.Tensor => part(x, 0, 127).sub(part(x, 7, 1).mul(128));

/** 4 bytes of high bits, a bit a number, then 16 of low halves. → [n, 1, 32] */
function fiveBits(bytes: tf.Tensor2D, from: number): tf.Tensor {
  const high = unpacked(cut(bytes, from, 4).flatten(), [0, 1, 2, 3, 4, 5, 6, 7], 1).toFloat();
  return oneGroup(nibbles(cut(bytes, from + 4, 16))).add(oneGroup(high).mul(16));
}

/** Of Q4_K and Q5_K: d and dmin, each with eight factors of 6 bits in 12 bytes. */
function groupScales(bytes: tf.Tensor2D): Pick<Coded, "scales" | "minima"> {
  const [first, second, rest] = [4, 8, 12].map((from) => cut(bytes, from, 4)) as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  const six = (own: tf.Tensor2D, low: tf.Tensor2D) =>
    tf.concat([part(own, 0, 63), low.add(part(own, 6, 3).mul(16))], 1); // [n, 8]
  return {
    scales: halfAt(bytes, 0).mul(six(first, part(rest, 0, 15))),
    minima: halfAt(bytes, 2)
      .mul(six(second, part(rest, 4, 15)))
      .neg(),
  };
}

/** What a float16's first 6 bits, sign and exponent, say of a number: sign · 2^(e − 15), and what each unit of its mantissa adds. */
const [powers, units] = [0, 1].map((of) =>
  Float32Array.from({ length: 64 }, (_, bits) => {
    const [sign, exponent] = [bits < 32 ? 1 : -1, bits % 32];
    const power = sign * 2 ** (Math.max(1, exponent) - 15);
    return of === 0 ? (exponent === 0 ? 0 : power) : power / 1024;
  }),
) as [Float32Array, Float32Array];

/** The float16 in bytes `at` and the next. → [n, 1] */
function halfAt(bytes: tf.Tensor2D, at: number): tf.Tensor {
  const [low, high] = [cut(bytes, at, 1), cut(bytes, at + 1, 1)];
  const mantissa = part(low, 0, 255).add(part(high, 0, 3).mul(256));
  const top = part(high, 2, 63).toInt();
  return tf.gather(tf.tensor1d(powers), top).add(tf.gather(tf.tensor1d(units), top).mul(mantissa));
}
