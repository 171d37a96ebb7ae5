// SPPO: in each round every answer learns how often it wins against the others to its prompt, relative to the policy that sampled them.
import { isGiven } from "../../../spec/fields/rewards";
import { type SppoConfig, sppo as spec } from "../../../spec/methods/sppo";
import { mean } from "../../../spec/statistics";
import type { Example } from "../../data/dataset";
import { promptRows, withLongestAnswer } from "../../data/prompt-rows";
import { rowBatches } from "../../data/row-batches";
import type { Tokens } from "../../data/tokenize";
import { maskedMean } from "../../engine/loss-output";
import { tf } from "../../engine/tensorflow";
import { countTokens, microBatches, type TokenBatch, tokenBatch } from "../../inference/batches";
import { tokenScores } from "../../inference/policy";
import { createReference, memoryCache } from "../../inference/reference";
import { sumOfScored } from "../../inference/scored-tokens";
import { sequence } from "../../rewards/answered";
import type { Candidates } from "../../rewards/judges";
import { comparerOf, type Rated, rated } from "../../rewards/win-rates";
import type { Training } from "../method";
import { followerOf } from "../shared/moving-reference";
import { candidatesOfRounds, methodOfRounds, type Sampled } from "../shared/rounds";
import { sppoLosses } from "./loss";

interface Row {
  tokens: Tokens;
  winRate: number;
}

type Batch = TokenBatch & {
  reference: tf.Tensor2D; // [B, C]
  winRates: tf.Tensor1D; // [B]
};

export const sppo: Training<SppoConfig, Tokens, Batch> = {
  readRows: promptRows,
  sequences: (prompt, { sppo }) => [withLongestAnswer(prompt, sppo.maxCompletionLength)],
  create(setup, config, dataset) {
    const { context, tokenizer } = setup;
    const { model, policy, microBatchTokens } = context;
    const { judge, ...options } = config.sppo;
    const reward = isGiven(judge) ? setup.createReward(judge, true) : null;
    const compare = comparerOf(setup, judge, reward, config.output);
    const { reference, follow } = followerOf(context);
    const cache = memoryCache();
    const referenceScores = createReference({ ...reference, cache, pad: tokenizer.pad });
    const answersOf = candidatesOfRounds(setup, config, options, dataset.train);

    function sample(round: number): Sampled {
      follow(1);
      cache.clear();
      return answersOf(round);
    }

    async function begin(round: number, candidates: Candidates[], signal: AbortSignal) {
      const judged = await compare(round, candidates, signal);
      if (judged === null) return null;
      const compared = judged.compared.map(rated).filter((answers) => answers.length > 1);
      if (compared.length === 0)
        throw new Error(
          `round ${round + 1} has no prompt with two answers to compare: the others were truncated or had no reward`,
        );
      const stats = { ...judged.stats, "objective/win_rate_range": mean(compared.map(rangeOf)) };
      return { method: batchesOn(compared.flat().map(exampleOf)), stats };
    }

    const batchesOn = (train: Example<Row>[]) =>
      rowBatches({ train, heldOut: [], notes: [] }, config, (rows, pad) =>
        microBatches(rows, ({ tokens }) => [tokens], microBatchTokens).map((part) => ({
          weight: part.length,
          tokens: countTokens(part.map(({ tokens }) => tokens)),
          build() {
            const groups = part.map(({ tokens }) => [tokens]);
            const batch = tokenBatch(groups, pad);
            return {
              ...batch,
              reference: referenceScores.tokenLogProbs(groups, batch),
              winRates: tf.tensor1d(part.map(({ winRate }) => winRate)),
            };
          },
        })),
      );

    function loss(batch: Batch) {
      const { logProbs, entropy } = tokenScores(model, policy, batch);
      const logRatio = sumOfScored(logProbs, batch).sub<tf.Tensor1D>(sumOfScored(batch.reference, batch));
      const losses = sppoLosses(logRatio, batch.winRates, options);
      return { loss: losses.mean<tf.Scalar>(), stats: { entropy: maskedMean(entropy, batch.mask) } };
    }

    return { ...methodOfRounds(options, spec.stepsPerRollout(config), sample, begin, loss), ...(reward && { reward }) };
  },
};

const exampleOf = ({ answer, winRate }: Rated): Example<Row> => ({
  tokens: { tokens: sequence(answer), winRate },
  prompt: answer.prompt,
  promptIds: answer.query,
});

function rangeOf(answers: Rated[]): number {
  const rates = answers.map(({ winRate }) => winRate);
  return Math.max(...rates) - Math.min(...rates);
}
