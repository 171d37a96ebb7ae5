// The next tokens of sequences are read: their keys and values into the cache, their hidden states for what follows them.
import { tf } from "../engine/tensorflow";
import type { NativeCache, NativeModel } from "../models/native-model";
import type { ReadRow } from "./kept-rows";

/** Tokens that follow those in the cache, whose pages have room for them. */
export interface Unread {
  read: ReadRow;
  some: number[];
}

/** From so many on, tokens of a prompt are read in a pass of their own, in which several share what attention reads. */
const ownPass = 64;

/** Hidden states of all of them, sequence by sequence, which come in the order of their lengths. → [tokens, d] */
export function readTokens(native: NativeModel, cache: NativeCache, sequences: Unread[]): tf.Tensor2D {
  const short = sequences.filter(({ some }) => some.length < ownPass);
  const passes = sequences.slice(short.length).map(({ read, some }) =>
    native.allHidden(cache, {
      ids: tf.tensor2d([some], undefined, "int32"),
      pages: [read.row.pages],
      places: [read.ids.length],
    }),
  );
  return tf.concat2d(short.length === 0 ? passes : [together(native, cache, short), ...passes], 0);
}

/** In one pass each token is a row of its own: what comes before it in its sequence is in the cache by the time that it attends. */
function together(native: NativeModel, cache: NativeCache, sequences: Unread[]): tf.Tensor2D {
  const tokens = sequences.flatMap(({ read: { row, ids }, some }) =>
    some.map((id, i) => ({ id, pages: row.pages, place: ids.length + i })),
  );
  const column = tokens.map(({ id }) => id);
  return native.lastHidden(cache, {
    ids: tf.tensor2d(column, [column.length, 1], "int32"),
    pages: tokens.map(({ pages }) => pages),
    places: tokens.map(({ place }) => place),
  });
}
