// Sampling by the ops of native/: no graph is compiled, so rows and columns are as many as there are.

import { signOfLife } from "../engine/sign-of-life";
import { tf } from "../engine/tensorflow";
import { type NativeCache, type NativeModel, nativeScores } from "../models/native-model";
import { type Decoder, type Decoding, leftPadded, type Prompts, paddingOf } from "./decoder";
import { draw } from "./draw";

/** Prompts that are read in one call, after which the runner hears of it. */
const rowsAtOnce = 16;

/** head [V, d]. Takes over `model`. */
export function nativeDecoder(model: NativeModel, head: tf.Tensor2D): Decoder {
  return { fill: (rows) => rows, read };

  function read({ prompts, owners, pad, maxNewTokens }: Prompts): Decoding {
    const P = Math.max(...prompts.map((ids) => ids.length));
    let cache = model.cache(prompts.length, P + maxNewTokens);
    let hidden = tf.tidy(() => readAll(model, cache, prompts, P, pad)); // [U, d], then of each row
    let lengths = owners.map((owner) => prompts[owner]!.length);
    let column = P;
    const keep = (from: number[]) => {
      const kept = tf.tidy(() => {
        const rows = tf.tensor1d(from, "int32");
        return { keys: tf.gather(cache.keys, rows, 1), values: tf.gather(cache.values, rows, 1) };
      });
      tf.dispose(cache);
      cache = kept;
    };
    if (owners.length !== prompts.length || owners.some((owner, row) => owner !== row)) {
      keep(owners);
      const spread = tf.gather(hidden, tf.tensor1d(owners, "int32"));
      hidden.dispose();
      hidden = spread;
    }
    return {
      first: (drawing) => tf.tidy(() => draw({ scores: nativeScores(hidden, head), ...drawing })),
      keep(from) {
        lengths = from.map((row) => lengths[row]!);
        keep(from);
      },
      next: (tokens, drawing) =>
        tf.tidy(() => {
          signOfLife();
          const ids = tf.tensor2d(tokens, [tokens.length, 1], "int32");
          const rows = tokens.map((_, row) => row);
          const columns = tokens.map(() => column);
          column++;
          const last = model.lastHidden(cache, { ids, padding: paddingOf(lengths, P), rows, columns });
          return draw({ scores: nativeScores(last, head), ...drawing });
        }),
      free() {
        tf.dispose([cache, hidden]);
        model.free();
      },
    };
  }
}

/** Hidden states of each prompt's last token. → [U, d] */
function readAll(model: NativeModel, cache: NativeCache, prompts: number[][], P: number, pad: number): tf.Tensor2D {
  const parts: tf.Tensor2D[] = [];
  for (let row = 0; row < prompts.length; row += rowsAtOnce) {
    const some = prompts.slice(row, row + rowsAtOnce);
    const [rows, columns] = [some.map((_, i) => row + i), some.map(() => 0)];
    parts.push(model.lastHidden(cache, { ...leftPadded(some, P, pad), rows, columns }));
    signOfLife();
  }
  return tf.concat2d(parts, 0);
}
