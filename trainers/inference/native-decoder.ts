// Sampling by the ops of native/: no graph is compiled, so rows and columns are as many as there are. Rows stand in pages of the cache: a prompt
// is there once for all its answers, and a row that has ended leaves its pages to the others.

import type { Int8 } from "../engine/linear";
import { signOfLife } from "../engine/sign-of-life";
import { tf } from "../engine/tensorflow";
import { type NativeCache, type NativeModel, nativeScores, pageTokens } from "../models/native-model";
import { addHeld, type CacheUse } from "./cache-use";
import type { Decoder, Decoding, Prompts } from "./decoder";
import { type CachedRow, emptyRow, type Pages, pagesFor, pagesOf } from "./pages";

/** Prompts that are read in one call, after which the runner hears of it. */
const rowsAtOnce = 16;

/** head [V, d]. Takes over `model`; adds what each pass holds of the cache to `use`. */
export function nativeDecoder(model: NativeModel, head: tf.Tensor2D | Int8, use: CacheUse): Decoder {
  return { fill: (rows) => rows, read };

  function read({ prompts, owners, pad, maxNewTokens }: Prompts): Decoding {
    const cache = model.cache(mostPages(prompts, owners, maxNewTokens));
    const pages = pagesOf(cache);
    const known = prompts.map(emptyRow);
    const hidden = tf.tidy(() => tf.gather(readAll(model, cache, pages, known, prompts, pad), owners)); // [B, d]
    let rows: CachedRow[] = [];
    const goOnAs = (from: CachedRow[]) => {
      const before = new Set([...known, ...rows]);
      rows = from.map((row) => pages.fork(row));
      for (const row of before) pages.cut(row, 0);
    };
    goOnAs(owners.map((owner) => known[owner]!));
    addHeld(use, pages.held());
    return {
      first: () => nativeScores(hidden, head),
      keep: (from) => goOnAs(from.map((row) => rows[row]!)),
      next: (tokens) =>
        tf.tidy(() => {
          signOfLife();
          const places = rows.map(({ length }) => length);
          pages.extend(rows, 1);
          addHeld(use, pages.held());
          const ids = tf.tensor2d(tokens, [tokens.length, 1], "int32");
          const last = model.lastHidden(cache, { ids, pages: rows.map((row) => row.pages), places });
          return nativeScores(last, head);
        }),
      free() {
        tf.dispose([cache, hidden]);
        model.free();
      },
    };
  }
}

/** A prompt's whole pages are there once; what follows them is each row's own. */
function mostPages(prompts: number[][], owners: number[], maxNewTokens: number): number {
  const shared = prompts.map(({ length }) => pagesFor(length));
  const own = owners.map((owner) => {
    const { length } = prompts[owner]!;
    return pagesFor(length + maxNewTokens) - Math.floor(length / pageTokens);
  });
  return [...shared, ...own].reduce((sum, count) => sum + count, 0);
}

/** Reads each prompt into its row of `known`, those of like length together. → hidden states of each one's last token, [U, d] */
function readAll(
  model: NativeModel,
  cache: NativeCache,
  pages: Pages,
  known: CachedRow[],
  prompts: number[][],
  pad: number,
): tf.Tensor2D {
  const order = [...prompts.keys()].sort((a, b) => prompts[a]!.length - prompts[b]!.length);
  const parts: tf.Tensor2D[] = [];
  for (let at = 0; at < order.length; at += rowsAtOnce) {
    const some = order.slice(at, at + rowsAtOnce);
    const width = prompts[some.at(-1)!]!.length;
    for (const i of some) pages.extend([known[i]!], prompts[i]!.length);
    const padded = some.map((i) => [...Array<number>(width - prompts[i]!.length).fill(pad), ...prompts[i]!]);
    parts.push(
      model.lastHidden(cache, {
        ids: tf.tensor2d(padded, [some.length, width], "int32"),
        pages: some.map((i) => known[i]!.pages),
        places: some.map((i) => prompts[i]!.length - width),
      }),
    );
    signOfLife();
  }
  const places = order.map((_, i) => order.indexOf(i));
  return tf.gather(tf.concat2d(parts, 0), places);
}
