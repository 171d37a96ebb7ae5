// Generation: one prefill of left-padded prompts, then a token at a time over cached keys and values.
// A token is drawn by inverting the cumulative distribution at a uniform number; each row's numbers come from its own named
// stream, so an answer depends on its prompt and seed, not on the rows beside it.
import { tf } from "./engine/tensorflow";
import type { Adapter } from "./models/lora";
import { type KeyValueCache, logits, type Model, transformer } from "./models/transformer";
import { createRandom } from "./random";

export interface SamplingOptions {
  maxNewTokens: number;
  /** 0 takes the likeliest token. */
  temperature: number;
  eos: number;
  pad: number;
  /** Name of each row's stream of random numbers. */
  streams: string[];
  onToken?: (done: number) => void;
}

export interface Completion {
  /** Generated ids; ends with EOS where the model stopped by itself. */
  ids: number[];
  ended: boolean;
}

/** Answers every prompt (token ids) with one completion. */
export function generate(
  model: Model,
  adapter: Adapter | null,
  prompts: number[][],
  options: SamplingOptions,
): Completion[] {
  const { maxNewTokens, temperature, eos, pad, streams, onToken } = options;
  const width = Math.max(...prompts.map((p) => p.length));
  const padding = prompts.map((p) => width - p.length);
  const random = streams.map((stream) => createRandom("sample", stream));
  const completions: Completion[] = prompts.map(() => ({ ids: [], ended: false }));

  let cache: KeyValueCache | undefined;
  let next = prompts.map((prompt, row) => [...Array<number>(padding[row]!).fill(pad), ...prompt]);
  for (let step = 0; step < maxNewTokens && completions.some((c) => !c.ended); step++) {
    const start = step === 0 ? 0 : width + step - 1;
    const { scores, cache: grown } = tf.tidy(() => decode(model, adapter, next, start, padding, cache));
    tf.dispose(cache ?? []);
    cache = grown;
    const drawn = tf.tidy(() =>
      temperature === 0
        ? tf.argMax(scores, -1)
        : draw(
            scores,
            temperature,
            random.map((r) => r()),
          ),
    );
    const tokens = drawn.dataSync<"int32">();
    tf.dispose([scores, drawn]);
    next = completions.map((completion, row) => {
      if (completion.ended) return [pad];
      const token = tokens[row]!;
      completion.ids.push(token);
      completion.ended = token === eos;
      return [token];
    });
    onToken?.(step + 1);
  }
  tf.dispose(cache ?? []);
  return completions;
}

/** Logits after the last column of `ids` [B, T], which stand at columns start…start+T−1 of the padded rows. */
function decode(
  model: Model,
  adapter: Adapter | null,
  ids: number[][],
  start: number,
  padding: number[],
  cache: KeyValueCache | undefined,
) {
  const [B, T] = [ids.length, ids[0]!.length];
  const columns = (row: number) => Array.from({ length: T }, (_, t) => Math.max(0, start + t - padding[row]!));
  const { hidden, cache: grown } = transformer(model, adapter, {
    ids: tf.tensor2d(ids, [B, T], "int32"),
    positions: tf.tensor2d(
      ids.map((_, row) => columns(row)),
      [B, T],
      "int32",
    ),
    bias: leftPaddedBias(padding, start, T),
    ...(cache && { cache }),
  });
  const last = tf.gather(hidden, tf.range(T - 1, B * T, T, "int32")) as tf.Tensor2D; // [B, d]
  return { scores: logits(model, last), cache: grown };
}

/** [B, 1, T, S]: query column start + t sees the keys from its row's first token up to itself. */
function leftPaddedBias(padding: number[], start: number, T: number): tf.Tensor4D {
  const S = start + T;
  const bias = new Float32Array(padding.length * T * S).fill(-1e9);
  padding.forEach((first, row) => {
    for (let t = 0; t < T; t++)
      bias.fill(0, (row * T + t) * S + Math.min(first, start + t), (row * T + t) * S + start + t + 1);
  });
  return tf.tensor4d(bias, [padding.length, 1, T, S]);
}

/** One token a row: how many steps of the cumulative distribution lie below the row's uniform number. [B, V] → [B] */
function draw(scores: tf.Tensor2D, temperature: number, uniforms: number[]): tf.Tensor {
  const V = scores.shape[1];
  const cumulative = tf.cumsum(tf.softmax(scores.div(temperature)), -1); // [B, V]
  const total = cumulative.slice([0, V - 1], [-1, 1]); // 1 up to rounding
  return cumulative
    .lessEqual(total.mul(tf.tensor2d(uniforms, [uniforms.length, 1])))
    .sum(-1)
    .minimum(tf.scalar(V - 1, "int32"));
}
