// Sampling by plain tf.* code, compiled once per shape: widths and batch sizes are rounded up, so that few shapes come about.

import { type Adapter, virtualTokens } from "../engine/adapter";
import { writeRows } from "../engine/custom";
import { compile, free } from "../engine/jit/compile";
import { native } from "../engine/native";
import { tf } from "../engine/tensorflow";
import type { Attend, Model } from "../models/model";
import { logits, transformer } from "../models/transformer";
import { bucket } from "./batches";
import { type Decoder, type Decoding, leftPadded, type Prompts, paddingOf } from "./decoder";
import { pastOf } from "./past";
import { behind, virtualCount } from "./segments";
import { attentionUnder, ofEachWindow, places, placesBehind, unlessHidden } from "./sight";

/** Keys and values of a layer's tokens, virtual ones first, each [B, G, S, D]; with ALiBi keys have one dimension more. */
type LayerCache = { keys: tf.Tensor4D; values: tf.Tensor4D };

/** Prompts whose prefill shares a program run: bounds its memory. */
const prefillRows = 16;

export function plainDecoder(model: Model, adapter: Adapter | null): Decoder {
  const before = virtualTokens(adapter);
  const prefill = compile(prefillOf(model, adapter));
  const spread = compile(spreadRows);
  const step = compile(stepOf(model, adapter));
  return { fill: fullBatch, read };

  function read({ prompts, owners, pad, maxNewTokens }: Prompts): Decoding {
    const P = bucket(Math.max(...prompts.map((ids) => ids.length)));
    const S = bucket(before + P + maxNewTokens);
    const start = prefillAll(prefill, prompts, P, pad);
    let lengths = owners.map((owner) => prompts[owner]!.length);
    let column = before + P;
    let { caches, scores } = tf.tidy(() => {
      const from = tf.tensor1d(owners, "int32");
      return { caches: spread({ caches: start.caches, from, columns: S }), scores: tf.gather(start.scores, from) };
    });
    free(start);
    return {
      first: () => scores.clone(),
      keep(from) {
        lengths = from.map((row) => lengths[row]!);
        const kept = tf.tidy(() => spread({ caches, from: tf.tensor1d(from, "int32"), columns: S }));
        free(caches);
        caches = kept;
      },
      next(tokens) {
        const after = tf.tidy(() =>
          step({
            tokens: tf.tensor1d(tokens, "int32"),
            padding: paddingOf(lengths, P),
            column: tf.scalar(column++, "int32"),
            caches,
          }),
        );
        free(caches);
        caches = after.caches;
        return after.scores;
      },
      free: () => free([caches, scores]),
    };
  }
}

/** Filled up with −1 to a power of two, so that few batch sizes are compiled. */
export function fullBatch(rows: number[]): number[] {
  const size = 2 ** Math.ceil(Math.log2(Math.max(1, rows.length)));
  return [...rows, ...Array<number>(size - rows.length).fill(-1)];
}

/** Scores after the last token of each prompt, and the keys and values of all its tokens. */
function prefillAll(prefill: ReturnType<typeof prefillOf>, prompts: number[][], P: number, pad: number): Prefilled {
  const parts: Prefilled[] = [];
  for (let at = 0; at < prompts.length; at += prefillRows) {
    const rows = prompts.slice(at, at + prefillRows);
    const filled = fullBatch(rows.map((_, i) => i)).map((i) => rows[Math.max(i, 0)]!);
    parts.push(tf.tidy(() => prefill(leftPadded(filled, P, pad))));
  }
  if (parts.length === 1) return parts[0]!;
  const joined = tf.tidy(() => ({
    scores: tf.concat(parts.map((part) => part.scores)),
    caches: parts[0]!.caches.map((_, layer) => ({
      keys: tf.concat(parts.map((part) => part.caches[layer]!.keys)),
      values: tf.concat(parts.map((part) => part.caches[layer]!.values)),
    })),
  }));
  free(parts);
  return joined;
}

type Prefilled = {
  scores: tf.Tensor2D; // [U, V]
  caches: LayerCache[];
};

function prefillOf(model: Model, adapter: Adapter | null) {
  const softCap = model.config.attentionSoftCap;
  return ({ ids, padding }: { ids: tf.Tensor2D; padding: tf.Tensor1D }): Prefilled => {
    const [U, P] = ids.shape;
    const own = places(0, P).sub<tf.Tensor2D>(padding.expandDims(1)); // [U, P]
    const positions = own.maximum(tf.scalar(0, "int32")) as tf.Tensor2D;
    const past = pastOf(model, adapter);
    const keys = placesBehind(virtualCount(past), unlessHidden(own, own.less(0))); // [U, p + P]
    const attentions = ofEachWindow(model.config, (window) =>
      attentionUnder({ queries: positions, keys, window }, { blocked: native(), softCap }),
    );
    const caches: LayerCache[] = [];
    const hidden = transformer(model, adapter, { ids, positions, ...(past && { past }) }, (layer, q, k, v) => {
      const keys = past ? behind(past[layer]!.keys, k) : k;
      const values = past ? behind(past[layer]!.values, v) : v;
      caches.push({ keys, values });
      return attentions(layer)(q, keys, values);
    });
    const last = tf.gather(hidden, tf.range(P - 1, U * P, P, "int32")); // [U, d]
    return { scores: logits(model, adapter, last), caches };
  };
}

/** Copies rows `from` of the caches, widened to `columns` columns. */
function spreadRows({
  caches,
  from,
  columns,
}: {
  caches: LayerCache[];
  from: tf.Tensor1D;
  columns: number;
}): LayerCache[] {
  const wide = (x: tf.Tensor4D) =>
    tf.pad(tf.gather(x, from), [
      [0, 0],
      [0, 0],
      [0, columns - x.shape[2]],
      [0, 0],
    ]);
  return caches.map(({ keys, values }) => ({ keys: wide(keys), values: wide(values) }));
}

type StepInput = {
  tokens: tf.Tensor1D; // [B] int32, drawn last
  padding: tf.Tensor1D; // [B] int32, columns before each prompt
  column: tf.Scalar; // int32, where the tokens stand
  caches: LayerCache[];
};

/** One token a row: writes its keys and values into the caches (in place) and scores the next. */
function stepOf(model: Model, adapter: Adapter | null) {
  const softCap = model.config.attentionSoftCap;
  const before = virtualTokens(adapter);
  return ({ tokens, padding, column, caches }: StepInput) => {
    const [B, G, S] = caches[0]!.keys.shape;
    const shift = padding.expandDims<tf.Tensor2D>(1);
    const own = places(0, S - before).sub<tf.Tensor2D>(shift); // [B, S − p]
    const keys = placesBehind(before, unlessHidden(own, own.less(0))); // [B, S]
    const queries = column.sub(tf.scalar(before, "int32")).sub<tf.Tensor2D>(shift); // [B, 1]
    const attentions = ofEachWindow(model.config, (window) =>
      attentionUnder({ queries, keys, window }, { blocked: false, softCap }),
    );
    const at = tf.range(0, B * G * S, S, "int32").add(column) as tf.Tensor1D; // [B·G]
    const write = (cache: tf.Tensor4D, fresh: tf.Tensor4D) => {
      const D = cache.shape[3];
      return writeRows(cache.reshape([B * G * S, D]), at, fresh.reshape([B * G, D])).reshape<tf.Tensor4D>([B, G, S, D]);
    };
    const grown: LayerCache[] = [];
    const attend: Attend = (layer, q, k, v) => {
      const keys = write(caches[layer]!.keys, k);
      const values = write(caches[layer]!.values, v);
      grown.push({ keys, values });
      return attentions(layer)(q, keys, values);
    };
    const sequence = {
      ids: tokens.expandDims<tf.Tensor2D>(1),
      positions: column.sub(padding).expandDims<tf.Tensor2D>(1),
    };
    const states = transformer(model, adapter, sequence, attend); // [B, d]
    return { caches: grown, scores: logits(model, adapter, states) };
  };
}
