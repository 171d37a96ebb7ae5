// Nash-MD: in each round the policy answers prompts, a mixture of policy and reference answers them too, and a step is taken on how probable
// the policy's answers are to win. Loss in loss.ts; the mixture is that of inference/mixture-decoder.ts.
import { isGiven } from "../../../spec/fields/rewards";
import type { NashMdConfig } from "../../../spec/methods/nash-md";
import { mean } from "../../../spec/statistics";
import { promptRows, withLongestAnswer } from "../../data/prompt-rows";
import type { MicroBatch } from "../../data/row-batches";
import type { Tokens } from "../../data/tokenize";
import { compile } from "../../engine/jit/compile";
import { type LossOutput, maskedMean } from "../../engine/loss-output";
import { tf } from "../../engine/tensorflow";
import { countTokens, microBatches, type TokenBatch, tokenBatch } from "../../inference/batches";
import type { FrozenPolicy } from "../../inference/frozen-policy";
import { tokenScores } from "../../inference/policy";
import { createSampler } from "../../inference/sampling";
import { endedByItself, sequence } from "../../rewards/answered";
import type { Candidates } from "../../rewards/judges";
import type { Reward } from "../../rewards/rewards";
import { type Compared, comparerOf } from "../../rewards/win-rates";
import { type Context, referenceOf, type Training } from "../method";
import { candidatesOfRounds, methodOfRounds } from "../shared/rounds";
import { nashMdLosses } from "./loss";

/** An answer of the policy. */
interface Row {
  tokens: Tokens;
  /** That it is preferred to the mixture's. */
  probability: number;
}

type Batch = TokenBatch & {
  reference: tf.Tensor2D; // [B, C]
  probabilities: tf.Tensor1D; // [B]
};

export const nashMd: Training<NashMdConfig, Tokens, Batch> = {
  readRows: promptRows,
  sequences: (prompt, { nashMd }) => [withLongestAnswer(prompt, nashMd.maxCompletionLength)],
  create(setup, config, dataset) {
    const { judge, ...options } = config.nashMd;
    const { model, policy } = setup.context;
    const reference = referenceOf(setup);
    const reward = isGiven(judge) ? setup.createReward(judge, true) : null;
    const judging = reward && withPenalty(reward, setup.tokenizer.ends, options.missingEosPenalty);
    const compare = comparerOf(setup, judge, judging, config.output);
    const mixture = createSampler(model, policy, { policy: reference, share: options.mixtureCoef });
    const sampling = { ...options, numGenerations: 2 };
    const sample = candidatesOfRounds(setup, config, sampling, dataset.train, mixture);
    const { batchesOn, loss } = learningFrom(setup.context, reference, options);

    async function begin(round: number, candidates: Candidates[], signal: AbortSignal) {
      const all = candidates.map((one) => ({ ...one, whole: one.answers })); // truncated ones too
      const judged = await compare(round, all, signal);
      if (judged === null) return null;
      const rows = judged.compared.flatMap(rowOf);
      if (rows.length === 0) throw new Error(`round ${round + 1} has no prompt both of whose answers have a reward`);
      const stats = { ...judged.stats, "rewards/probabilities": mean(rows.map(({ probability }) => probability)) };
      return { method: { batches: (_: number, pad: number) => batchesOn(rows, pad) }, stats };
    }

    return { ...methodOfRounds(sampling, 1, sample, begin, loss), ...(reward && { reward }) };
  },
};

/** Takes `penalty` off the scores of truncated answers. */
const withPenalty =
  (reward: Reward, ends: ReadonlySet<number>, penalty: number): Reward =>
  (answers) => {
    const scored = reward(answers);
    const scores = scored.scores.map((score, i) => (endedByItself(answers[i]!, ends) ? score : score - penalty));
    return { ...scored, scores };
  };

/** Of a prompt whose two answers, the policy's and the mixture's, can be compared. */
const rowOf = ({ answers: [own, other], wins }: Compared): Row[] =>
  own && other ? [{ tokens: sequence(own), probability: wins[0]![1]! }] : [];

/** Batches of a round's answers, and the loss on them. */
export function learningFrom(
  { model, policy, microBatchTokens }: Context,
  reference: FrozenPolicy,
  { beta, temperature }: Pick<NashMdConfig["nashMd"], "beta" | "temperature">,
) {
  const logProbsOfReference = compile(
    (batch: TokenBatch) => tokenScores(reference.model, reference.adapter, batch, temperature).logProbs,
  );
  return {
    batchesOn: (rows: Row[], pad: number): MicroBatch<Batch>[] =>
      microBatches(rows, ({ tokens }) => [tokens], microBatchTokens).map((part) => ({
        weight: part.length,
        tokens: countTokens(part.map(({ tokens }) => tokens)),
        build() {
          const batch = tokenBatch(
            part.map(({ tokens }) => [tokens]),
            pad,
          );
          const probabilities = tf.tensor1d(part.map(({ probability }) => probability));
          return { ...batch, reference: logProbsOfReference(batch), probabilities };
        },
      })),
    loss(batch: Batch): LossOutput {
      const { logProbs, entropy } = tokenScores(model, policy, batch, temperature);
      const { mask, probabilities } = batch;
      const { losses, kl } = nashMdLosses({ logProbs, mask }, batch.reference, probabilities, { beta });
      return {
        loss: losses.mean<tf.Scalar>(),
        stats: { "objective/kl": maskedMean(kl), entropy: maskedMean(entropy, mask) },
      };
    },
  };
}
