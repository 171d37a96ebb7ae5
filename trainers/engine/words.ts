// Bytes as the int32 numbers that tfjs can hold.
import { tf } from "./tensorflow";

/** One after the other; zeros fill the last word. */
export function words(parts: Uint8Array[]): tf.Tensor1D {
  const bytes = Buffer.concat(parts);
  return tf.tensor1d(new Int32Array(filled(bytes, wholeWords(bytes.length)).buffer), "int32");
}

/** A copy of `bytes` with zeros up to `length`. */
export function filled(bytes: Uint8Array, length: number): Uint8Array {
  const copy = new Uint8Array(length);
  copy.set(bytes);
  return copy;
}

export const wholeWords = (bytes: number): number => 4 * Math.ceil(bytes / 4);
