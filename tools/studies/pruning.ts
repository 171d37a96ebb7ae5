// `npm run study -- pruning`: what is left of a tuned model when a share of its weights is set to zero, by magnitude, by Wanda and at random. `tiny` after
// DPO, three seeds. Ten minutes on two cores. Writes results/pruning.json; `npm run figures` makes the table and the picture of docs/compression.md from it.
import { writeFileSync } from "node:fs";
import { say } from "../../common/command-line";
import type { Message } from "../../spec/chat";
import { mean } from "../../spec/statistics";
import { tokenizePrompt, tokenizeSupervised } from "../../trainers/data/tokenize";
import { tf } from "../../trainers/engine/tensorflow";
import { distance, modelOf } from "../../trainers/evaluation/distance";
import { type TokenBatch, tokenBatch } from "../../trainers/inference/batches";
import { tokenLogProbs } from "../../trainers/inference/policy";
import { createSampler } from "../../trainers/inference/sampling";
import type { LoadedFiles } from "../../trainers/models/formats/loaded-files";
import type { Model } from "../../trainers/models/model";
import { calibrationRows } from "../../trainers/pruning/calibration";
import { type Criterion, magnitude, wanda } from "../../trainers/pruning/criteria";
import { pruningMasks, withMasks } from "../../trainers/pruning/prune";
import { goldReward } from "../../trainers/rewards/gold/reviews";
import { heldOutPairs, heldOutPrompts } from "./review-pairs";
import { sideBySide } from "./trace";
import { steps, tunedTiny } from "./tuned-tiny";

/** What a model is worth once it is pruned. */
export interface Left {
  /** Of the better review to each held-out prompt. */
  perplexity: number;
  /** KL(unpruned ‖ pruned) a token of the unpruned model's answers, nats. */
  kl: number;
  /** Oracle reward of its answers to held-out prompts. */
  gold: number;
}
/** results/pruning.json */
export interface PruningResult {
  steps: number;
  prompts: number;
  ways: { name: string; levels: { sparsity: number; seeds: Left[] }[] }[];
}

const seeds = [0, 1, 2];
const sparsities = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
/** As many of each row as Wanda prunes, whichever. */
function random(seed: number): Criterion {
  let layers = 0;
  return {
    scores: (w) => tf.randomUniform<tf.Rank.R2>(w.shape, 0, 1, "float32", 10_000 * (seed + 1) + layers++),
    among: "row",
  };
}

/** How a pruned form of `files` is measured. */
function measureOf(files: LoadedFiles) {
  const { tokenizer } = files;
  const original = modelOf(files);
  const prompts = heldOutPrompts.map((content) => tokenizePrompt(tokenizer, [{ role: "user", content }]));
  const options = {
    ...{ maxNewTokens: 64, temperature: 1, ends: tokenizer.ends, pad: tokenizer.pad },
    streams: prompts.map((_, i) => `pruning/${i}`),
  };
  const answersOf = (model: Model) => createSampler(model, null)(prompts, options).map(({ ids }) => ids);
  const own = tokenBatch(
    answersOf(original).map((answer, i) => [scored(prompts[i]!, answer)]),
    tokenizer.pad,
  );
  const reviews = tokenBatch(
    heldOutPairs().map((line) => {
      const { prompt, chosen } = JSON.parse(line) as { prompt: Message[]; chosen: Message[] };
      return [tokenizeSupervised(tokenizer, { prompt, completion: chosen }, 160, true)!];
    }),
    tokenizer.pad,
  );
  return (pruned: LoadedFiles): Left =>
    tf.tidy(() => {
      const model = modelOf(pruned);
      const texts = answersOf(model).map((ids) => tokenizer.decode(ids).trim());
      return {
        perplexity: perplexity(model, reviews),
        kl: distance(original, model, own).kl.mean,
        gold: mean(texts.map(goldReward)),
      };
    });
}

/** A prompt with its answer, of which every token is scored. */
export const scored = (prompt: number[], answer: number[]) => ({
  input_ids: [...prompt, ...answer],
  completion_mask: [...prompt.map(() => 0), ...answer.map(() => 1)],
});

/** exp of the mean negative log-likelihood of an answer's token. */
export function perplexity(model: Model, batch: TokenBatch): number {
  const [sum, tokens] = [tokenLogProbs(model, null, batch).mul(batch.mask).sum(), batch.mask.sum()];
  return Math.exp(-sum.dataSync()[0]! / tokens.dataSync()[0]!);
}

async function curvesOf(seed: number): Promise<{ name: string; left: Left[] }[]> {
  const { files, pairs } = await tunedTiny(seed);
  const rows = await calibrationRows(pairs, files, say);
  const measure = measureOf(files);
  const ways: [string, Criterion, number[][]][] = [
    ["Wanda", wanda, rows],
    ["magnitude", magnitude, []],
    ["at random", random(seed), []],
  ];
  return ways.map(([name, criterion, rows]) => {
    const left = sparsities.map((sparsity) =>
      measure(withMasks(files, pruningMasks(files, rows, criterion, { sparsity }))),
    );
    say(`seed ${seed}, ${name}: oracle reward ${left.map(({ gold }) => gold.toFixed(2)).join(" ")}`);
    return { name, left };
  });
}

export async function pruning(): Promise<void> {
  const curves = await sideBySide(seeds, curvesOf);
  const ways = curves[0]!.map(({ name }, way) => ({
    name,
    levels: sparsities.map((sparsity, i) => ({ sparsity, seeds: curves.map((ways) => ways[way]!.left[i]!) })),
  }));
  const result: PruningResult = { steps, prompts: heldOutPrompts.length, ways };
  writeFileSync("tools/studies/results/pruning.json", `${JSON.stringify(result, null, 1)}\n`);
}
