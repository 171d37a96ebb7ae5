// A frozen matrix that stays in the blocks of its GGUF file and is made float32 or bfloat16 for each of its products: memory holds the full
// numbers of the layer at hand only. They are the numbers that the file's expansion holds.
import { barrier, toBfloat16 } from "../custom";
import { type FrozenMatrix, rowSquares, type WithRows } from "../linear";
import { native } from "../native";
import { madeMatrix, matrixOp } from "../stacked";
import { tf } from "../tensorflow";
import { filled, wholeWords, words } from "../words";
import { plainNumbers } from "./plain";
import { type BlockRows, blockBytes, type HeldType, heldTypes } from "./types";

/** One or several matrices, one below the other: each begins a new word. */
interface Held {
  words: tf.Tensor1D;
  parts: { type: HeldType; size: number }[];
  shape: [number, number];
}

/** `parts` are of one width, each in blocks of its own type. */
export function blockMatrix(parts: BlockRows[], dtype: FrozenMatrix["dtype"]): WithRows {
  const held: Held = {
    words: words(parts.map(({ bytes }) => filled(bytes, wholeWords(bytes.length)))),
    parts: parts.map(({ type, shape }) => ({ type, size: shape[0] * shape[1] })),
    shape: [parts.reduce((sum, { shape }) => sum + shape[0], 0), parts[0]!.shape[1]],
  };
  const made = native() ? nativeRows : plainRows;
  const rows = (after: tf.Tensor) => made({ ...held, words: barrier(held.words, after) }, dtype); // else a graph would make all matrices when it begins
  const squares = tf.tidy(() => rowSquares(made(held, "float32")));
  return madeMatrix(rows, squares, dtype);
}

const nativeMatrix = matrixOp("WorkbenchBlocks");

/** By native/gguf-blocks.cc. */
function nativeRows({ words, parts, shape }: Held, dtype: FrozenMatrix["dtype"]): tf.Tensor2D {
  const order = Object.keys(heldTypes);
  const types = tf.tensor1d(
    parts.map(({ type }) => order.indexOf(type)),
    "int32",
  );
  const sizes = tf.tensor1d(
    parts.map(({ size }) => size),
    "int32",
  );
  return nativeMatrix([words, types, sizes], { shape, dtype });
}

/** The same in TensorFlow's own ops. */
function plainRows({ words, parts, shape }: Held, dtype: FrozenMatrix["dtype"]): tf.Tensor2D {
  let start = 0;
  const numbers = parts.map(({ type, size }) => {
    const count = wholeWords(blockBytes(type, size)) / 4;
    const own = words.slice<tf.Tensor1D>(start, count);
    start += count;
    return plainNumbers(own, type, size);
  });
  const matrix = tf.concat1d(numbers).reshape<tf.Tensor2D>(shape);
  return dtype === "bfloat16" ? toBfloat16(matrix) : matrix;
}
