// Tensors in 8 bits a number, quantised and read inside a graph: blocks of 256 numbers share a scale, their largest magnitude, and each number is
// a place in a map (Dettmers et al. 2022, arXiv 2110.02861, section 2). Blocks, maps and rounding are those of bitsandbytes 0.50's library for processors.
import { unpacked } from "./custom";
import { placeOf, roundedNumbers, signedMap, unsignedMap } from "./dynamic-map";
import { tf } from "./tensorflow";

/** Numbers that share a scale. */
const blockSize = 256;
/** Where a word has its places. */
const shifts = [0, 8, 16, 24];

export interface EightBit {
  /** Four places a word, of the four quarters of a block, the first in its lowest byte: neighbours in a word would take several times as long. */
  words: tf.Tensor1D; // [64 N] int32
  scales: tf.Tensor1D; // [N]
}

/** A map as tensors: its numbers, and its place for each number that is told apart between −1 and 1. */
export interface MapTensors {
  values: tf.Tensor1D; // [256]
  places: tf.Tensor1D; // [65536] int32
}

const made = new Map<Float32Array, MapTensors>();
function tensorsOf(map: Float32Array): MapTensors {
  const known = made.get(map);
  if (known) return known;
  const places = Int32Array.from({ length: roundedNumbers }, (_, index) => placeOf(map, index));
  const tensors = { values: tf.keep(tf.tensor1d(map)), places: tf.keep(tf.tensor1d(places, "int32")) };
  made.set(map, tensors);
  return tensors;
}
/** Called before a function that uses them is compiled: it reads tensors, and makes none. */
export const signed = (): MapTensors => tensorsOf(signedMap);
export const unsigned = (): MapTensors => tensorsOf(unsignedMap);

const blocksOf = ({ size }: tf.Tensor) => Math.ceil(size / blockSize);

/** As many zeros as `like` has numbers. */
export const eightBitZeros = (like: tf.Tensor): EightBit => ({
  words: tf.zeros([(blocksOf(like) * blockSize) / 4], "int32"),
  scales: tf.zeros([blocksOf(like)]),
});

export function toEightBit(x: tf.Tensor, { places }: MapTensors): EightBit {
  const flat = x.flatten().pad([[0, blocksOf(x) * blockSize - x.size]]);
  const blocks = flat.reshape([-1, blockSize]); // [N, 256]
  const scales = blocks.abs().max<tf.Tensor1D>(1);
  const factors = tf.where(scales.greater(0), tf.div(1, scales), tf.zerosLike(scales));
  const scaled = blocks.mul(factors.expandDims(1)); // −1 … 1
  const rounded = scaled
    .add(1)
    .mul((roundedNumbers - 1) / 2)
    .add(0.5)
    .cast("int32") // as `roundedIndex`
    .clipByValue(0, roundedNumbers - 1); // what is not finite has a scale that says so, and any place
  const quarters = tf.gather(places, rounded.flatten()).reshape([-1, 4, blockSize / 4]); // [N, 4, 64]
  const parts = shifts.map((shift, i) => quarters.slice([0, i, 0], [-1, 1, -1]).mul(tf.scalar(1 << shift, "int32")));
  return { words: tf.addN(parts).flatten(), scales }; // the fourth wraps around to a sign
}

/** The numbers behind `held`, in the shape of `like`. */
export function fromEightBit({ words, scales }: EightBit, { values }: MapTensors, like: tf.Tensor): tf.Tensor {
  const quarters = shifts.map((shift) => unpacked(words, [shift], 255).reshape([-1, blockSize / 4]));
  const places = tf.concat(quarters, 1).flatten();
  const blocks = tf.gather(values, places).reshape([-1, blockSize]).mul(scales.expandDims(1)); // [N, 256]
  return blocks.flatten().slice(0, like.size).reshape(like.shape);
}
