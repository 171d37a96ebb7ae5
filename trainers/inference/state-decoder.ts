// Sampling from a state-space model by plain tf.* code, compiled once for all lengths: what a row carries from token to token has one size,
// however many tokens there are.
import type { Adapter } from "../engine/adapter";
import { compile, free } from "../engine/jit/compile";
import { tf } from "../engine/tensorflow";
import type { LayerState, Model } from "../models/model";
import { logits, transformer } from "../models/transformer";
import type { Decoder, Decoding, Prompts } from "./decoder";
import { fullBatch } from "./plain-decoder";
import { noAttention } from "./segments";

/** Prompt tokens, padding included, that are read in one program run: bounds its memory. A longer prompt is read by itself. */
const tokensAtOnce = 1024;

/** What is carried over from the tokens before, layer by layer, and what the last of them says of the next. */
type Read = { scores: tf.Tensor2D; states: LayerState[] };

export function stateDecoder(model: Model, adapter: Adapter | null): Decoder {
  const prefill = compile(prefillOf(model, adapter));
  const choose = compile(rowsOf);
  const step = compile(stepOf(model, adapter));
  return { fill: fullBatch, read };

  function read({ prompts, owners, pad }: Prompts): Decoding {
    const start = readAll(prefill, prompts, pad);
    let { scores, states } = tf.tidy(() => choose({ ...start, from: tf.tensor1d(owners, "int32") }));
    free(start);
    return {
      first: () => scores.clone(),
      keep(from) {
        const kept = tf.tidy(() => choose({ scores, states, from: tf.tensor1d(from, "int32") }));
        free([scores, states]);
        ({ scores, states } = kept);
      },
      next(tokens) {
        const after = tf.tidy(() => step({ tokens: tf.tensor1d(tokens, "int32"), states }));
        free(states);
        states = after.states;
        return after.scores;
      },
      free: () => free([scores, states]),
    };
  }
}

function readAll(prefill: ReturnType<typeof prefillOf>, prompts: number[][], pad: number): Read {
  const width = 16 * Math.ceil(Math.max(...prompts.map((ids) => ids.length)) / 16);
  const rowsAtOnce = 2 ** Math.max(0, Math.floor(Math.log2(tokensAtOnce / width)));
  const parts: Read[] = [];
  for (let at = 0; at < prompts.length; at += rowsAtOnce) {
    const rows = prompts.slice(at, at + rowsAtOnce);
    parts.push(
      tf.tidy(() =>
        prefill({
          ids: tf.tensor2d(
            rows.map((ids) => [...ids, ...Array<number>(width - ids.length).fill(pad)]),
            [rows.length, width],
            "int32",
          ),
          lengths: tf.tensor1d(
            rows.map((ids) => ids.length),
            "int32",
          ),
        }),
      ),
    );
  }
  if (parts.length === 1) return parts[0]!;
  const joined = tf.tidy(() => ({
    scores: tf.concat(parts.map((part) => part.scores)),
    states: parts[0]!.states.map((_, layer) => ({
      inputs: tf.concat(parts.map((part) => part.states[layer]!.inputs)),
      state: tf.concat(parts.map((part) => part.states[layer]!.state)),
    })),
  }));
  free(parts);
  return joined;
}

/** Prompts with padding after them, which changes neither scores nor states. */
function prefillOf(model: Model, adapter: Adapter | null) {
  return ({ ids, lengths }: { ids: tf.Tensor2D; lengths: tf.Tensor1D }): Read => {
    const [U, P] = ids.shape;
    const states: LayerState[] = [];
    const sequence = { ids, positions: tf.zerosLike(ids), lengths, left: states };
    const hidden = transformer(model, adapter, sequence, noAttention);
    const last = tf
      .range(0, U * P, P, "int32")
      .add(lengths)
      .sub(tf.scalar(1, "int32")) as tf.Tensor1D;
    return { scores: logits(model, adapter, tf.gather(hidden, last)), states };
  };
}

function rowsOf({ scores, states, from }: Read & { from: tf.Tensor1D }): Read {
  return {
    scores: tf.gather(scores, from),
    states: states.map(({ inputs, state }) => ({ inputs: tf.gather(inputs, from), state: tf.gather(state, from) })),
  };
}

type StepInput = {
  tokens: tf.Tensor1D; // [B] int32, drawn last
  states: LayerState[];
};

function stepOf(model: Model, adapter: Adapter | null) {
  return ({ tokens, states }: StepInput) => {
    const ids = tokens.expandDims<tf.Tensor2D>(1);
    const left: LayerState[] = [];
    const sequence = { ids, positions: tf.zerosLike(ids), carried: states, left };
    const hidden = transformer(model, adapter, sequence, noAttention); // [B, d]
    return { states: left, scores: logits(model, adapter, hidden) };
  };
}
