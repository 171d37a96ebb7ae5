// Where the answers of an update come from: the policy is asked each prompt, and answers once, or by turns with an environment.
import { createRandom, permutation } from "../../common/random";
import type { RunConfig } from "../../spec/config";
import type { Example } from "../data/dataset";
import type { Rows } from "../data/epochs";
import { batchRows } from "../data/row-batches";
import type { Adapter } from "../engine/adapter";
import { shareOf, unused } from "../inference/cache-use";
import { createSampler } from "../inference/sampling";
import type { Model } from "../models/model";
import type { ChatTokenizer } from "../models/tokenizer";
import { answersTo } from "./answers";
import { environmentOf } from "./environment";

/** Who is sampled, and where what an environment prints is noted. */
interface Sampled {
  context: { model: Model; policy: Adapter | null };
  tokenizer: ChatTokenizer;
  note(text: string): void;
}

interface SamplingOptions {
  /** Prompts of an update, and answers to each. */
  prompts: number;
  numGenerations: number;
  maxCompletionLength: number;
  temperature: number;
  /** An update goes `epochs` times through its answers, each time in an order of its own, in `numMiniBatches` steps. */
  epochs: number;
  numMiniBatches: number;
}

/** A source of rollouts (methods/shared/rollout.ts) that samples the policy as it stands. An answer depends on its prompt, the seed, the update and the environment alone. */
export function samplingSource(
  { context: { model, policy }, tokenizer, note }: Sampled,
  config: RunConfig,
  { prompts, numGenerations, maxCompletionLength, temperature, epochs, numMiniBatches }: SamplingOptions,
  rows: Rows<Example<unknown>>,
) {
  const { seed, data, epochs: passes } = config;
  const use = unused();
  const sampler = createSampler(model, policy, null, use);
  const options = { maxLength: maxCompletionLength, temperature, environment: environmentOf(config, note) };
  return {
    updates: Math.ceil((passes * rows.length) / prompts),
    stepsPerUpdate: epochs * numMiniBatches,
    sample(update: number) {
      const asked = batchRows(rows, prompts, update, data.order, seed).flatMap((prompt) =>
        Array<Example<unknown>>(numGenerations).fill(prompt),
      );
      const streams = asked.map((_, i) => `${seed}/rollout/${update}/${i}`);
      return { ...answersTo(asked, streams, sampler, tokenizer, options), stats: shareOf(use) };
    },
    miniBatch(update: number, step: number, count: number) {
      const [epoch, part] = [Math.floor(step / numMiniBatches), step % numMiniBatches];
      const order = permutation(count, createRandom(seed, "minibatches", update, epoch));
      const cut = (part: number) => Math.floor((part * count) / numMiniBatches);
      return order.slice(cut(part), cut(part + 1));
    },
  };
}
