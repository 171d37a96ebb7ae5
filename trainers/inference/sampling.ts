// Generation: distinct prompts are read once, then a token at a time. Each row's random numbers come from its own named stream, so an
// answer depends on its prompt and seed alone; seeds reproduce within one build of the kernels and one kind of processor.

import { createRandom } from "../../common/random";
import type { Adapter } from "../engine/adapter";
import { tf } from "../engine/tensorflow";
import type { Model } from "../models/model";
import { refuseTooLong } from "../models/position-limit";
import { nativeModel } from "../models/transformer";
import { headUnder } from "../models/under-adapter";
import { type CacheUse, unused } from "./cache-use";
import type { Decoder } from "./decoder";
import { type Drawn, draw, type Truncation } from "./draw";
import type { FrozenPolicy } from "./frozen-policy";
import { mixtureDecoder } from "./mixture-decoder";
import { nativeDecoder } from "./native-decoder";
import { plainDecoder } from "./plain-decoder";
import { stateDecoder } from "./state-decoder";

export interface SamplingOptions extends Partial<Truncation> {
  maxNewTokens: number;
  /** Of each row by itself, where some have less room: at most `maxNewTokens`. */
  limits?: number[];
  /** 0 takes the likeliest token. */
  temperature: number;
  /** Tokens that end an answer. */
  ends: ReadonlySet<number>;
  pad: number;
  /** Name of each row's stream of random numbers. */
  streams: string[];
  /** Whether a row is sampled no further, having come to these ids: it has not ended by itself. */
  isEnough?: (row: number, ids: readonly number[]) => boolean;
  /** Called after each token of all rows, with what there is of them. */
  onToken?: (done: number, completions: readonly Completion[]) => void;
}

export interface Completion {
  /** Generated ids; ends with an end token where the model stopped by itself. */
  ids: number[];
  /** log π of each id at this temperature, before truncation, in nats. */
  logProbs: number[];
  ended: boolean;
}

export type Sampler = (prompts: number[][], options: SamplingOptions) => Completion[];

/** Another policy over the same tokens, and its share of the geometric mixture of the two: 0 leaves it out, 1 leaves it alone. */
export interface MixedIn {
  policy: FrozenPolicy;
  share: number;
}

/** The adapter's variables are read as they stand at each call. What is held of the cache is added to `use`. */
export function createSampler(
  model: Model,
  adapter: Adapter | null,
  mixedIn: MixedIn | null = null,
  use: CacheUse = unused(),
): Sampler {
  const sampling = createSampling(model, adapter, mixedIn, use);
  return (prompts, { onToken, ...options }) => {
    const steps = sampling(prompts, options);
    for (let done = 1; ; done++) {
      const step = steps.next();
      if (step.done) return step.value;
      onToken?.(done, step.value);
    }
  };
}

/** The same a token of all rows at a time: gives what there is of them. */
export type Sampling = (
  prompts: number[][],
  options: Omit<SamplingOptions, "onToken">,
) => Generator<readonly Completion[], Completion[]>;

export function createSampling(
  model: Model,
  adapter: Adapter | null,
  mixedIn: MixedIn | null = null,
  use: CacheUse = unused(),
): Sampling {
  const decoderNow = decoderOf(model, adapter, mixedIn, use);
  // LongRoPE turns all of a row otherwise once it is longer than this, so a row that grows over it is read again from its first token, as
  // Transformers' Phi-3 does.
  const { ropeScaling: scaling } = model.config;
  const context = scaling.type === "longrope" ? scaling.originalContext : Number.POSITIVE_INFINITY;

  return function* (prompts, options) {
    const { maxNewTokens, limits, temperature, topK = null, topP = null, ends, pad, streams, isEnough } = options;
    const limitOf = (row: number) => limits?.[row] ?? maxNewTokens;
    const longest = Math.max(...prompts.map((ids, row) => ids.length + limitOf(row))) - maxNewTokens;
    const advice = `shorten the prompt of ${longest} tokens or ask for fewer new ones than ${maxNewTokens}`;
    refuseTooLong(model.config, adapter, longest + maxNewTokens, "the prompt with its answer", advice);
    const decoder = decoderNow();
    const distinct = [...new Map(prompts.map((ids) => [ids.join(), ids])).values()];
    const index = new Map(distinct.map((ids, i) => [ids.join(), i]));
    const random = streams.map((stream) => createRandom("sample", stream));
    const completions: Completion[] = prompts.map(() => ({ ids: [], logProbs: [], ended: false }));
    const enough = new Set<number>(); // rows that are sampled no further
    let active = decoder.fill(prompts.map((_, row) => row)); // row of `prompts` that stands in each row of the batch, −1 in filler
    const owners = active.map((row) => index.get(prompts[Math.max(row, 0)]!.join())!);
    let decoding = decoder.read({ prompts: distinct, owners, pad, maxNewTokens });

    let drawn: number[];
    try {
      drawn = record(drawFrom(decoding.first()));
      for (let done = 1; ; done++) {
        yield completions;
        const open = active.filter(isOpen);
        if (done >= maxNewTokens || open.length === 0) break;
        const fewer = decoder.fill(open);
        if (fewer.length <= active.length / 2 || active.some(isFull)) {
          const from = fewer.map((row) => active.indexOf(row < 0 ? open[0]! : row)); // filler goes on as a row that has room
          decoding.keep(from);
          drawn = from.map((row) => drawn[row]!);
          active = fewer;
        }
        if (active.some(outgrows)) {
          const rows = active.map((row) => [...prompts[Math.max(row, 0)]!, ...(completions[row]?.ids ?? [])]);
          decoding.free();
          decoding = decoder.read({ prompts: rows, owners: [...rows.keys()], pad, maxNewTokens: maxNewTokens - done });
          drawn = record(drawFrom(decoding.first()));
        } else drawn = record(drawFrom(decoding.next(drawn)));
      }
    } finally {
      decoding.free();
    }
    return completions;

    /** Whether it has met its own limit: beyond it there may be no positions left. */
    function isFull(row: number): boolean {
      return completions[row]?.ended === false && completions[row].ids.length >= limitOf(row);
    }

    function isOpen(row: number): boolean {
      return completions[row]?.ended === false && !isFull(row) && !enough.has(row);
    }

    function outgrows(row: number): boolean {
      const completion = completions[row];
      return completion?.ended === false && prompts[row]!.length + completion.ids.length === context + 1;
    }

    /** Draws with the next number of each row's stream. Takes over `scores`. */
    function drawFrom(scores: tf.Tensor2D): Drawn {
      const drawing = { greedy: temperature === 0, topK, topP };
      const result = tf.tidy(() => {
        const uniforms = tf.tensor1d(active.map((row) => (row < 0 ? 0 : random[row]!())));
        return draw({ scores, uniforms, temperature: tf.scalar(temperature || 1), drawing });
      });
      scores.dispose();
      return result;
    }

    /** Appends what was drawn to the rows that are still open. */
    function record({ tokens, logProbs }: Drawn): number[] {
      const [ids, values] = [[...tokens.dataSync<"int32">()], logProbs.dataSync()];
      tf.dispose([tokens, logProbs]);
      active.forEach((row, i) => {
        const completion = completions[row];
        if (!completion || !isOpen(row)) return;
        completion.ids.push(ids[i]!);
        completion.logProbs.push(values[i]!);
        completion.ended = ends.has(ids[i]!);
        if (isEnough?.(row, completion.ids)) enough.add(row);
      });
      return ids;
    }
  };
}

/** What reads and scores tokens by a policy as it stands when it is asked for: by the ops of native/ where they can do it. */
function decoderOf(model: Model, adapter: Adapter | null, mixedIn: MixedIn | null, use: CacheUse): () => Decoder {
  if (mixedIn) {
    const [own, other] = [{ model, adapter }, mixedIn.policy].map((one) =>
      decoderOf(one.model, one.adapter, null, use),
    );
    return () => mixtureDecoder(own!(), other!(), mixedIn.share);
  }
  const plain = model.config.stateSpace ? stateDecoder(model, adapter) : plainDecoder(model, adapter);
  return () => {
    const own = nativeModel(model, adapter);
    return own ? nativeDecoder(own, headUnder(model, adapter), use) : plain;
  };
}
