// ORPO: likelihood of prompt and chosen answer, plus the odds ratio of the answers; loss in loss.ts.

import type { OrpoConfig } from "../../../spec/methods/orpo";
import { pairRows } from "../../data/method-rows";
import { type PairTokens, pairGroup, type Tokens } from "../../data/tokenize";
import { maskedMean } from "../../engine/loss-output";
import { tf } from "../../engine/tensorflow";
import { sharedLength } from "../../inference/batches";
import { tokenLogProbs } from "../../inference/policy";
import type { Training } from "../method";
import { chosenNll, halves, meanLogProbs } from "../shared/answers";
import { type PairBatch, pairBatches, pairStats } from "../shared/pairs";
import { orpoTerms } from "./loss";

/** `mask` marks the tokens whose likelihood is raised, `scored` the answers'. */
type Batch = PairBatch & { scored: tf.Tensor2D /* [2B, C] */ };

export const orpo: Training<OrpoConfig, PairTokens, Batch> = {
  readRows: (config, tokenizer) => pairRows(config, tokenizer, true),
  sequences: pairGroup,
  create({ context }, config, dataset) {
    const group = config.orpo.nll === "completion" ? pairGroup : wholeRows;
    return {
      ...pairBatches(
        context,
        config,
        dataset,
        (groups, { layout }, pairs) => ({ scored: scoredMask(pairs, groups, layout.answer) }),
        { group },
      ),
      loss(batch) {
        const logProbs = tokenLogProbs(context.model, context.policy, batch); // [2B, C]
        const answers = { logProbs, mask: batch.scored };
        const { terms, logOdds, rewards } = orpoTerms(answers, config.orpo);
        const nll = chosenNll({ logProbs, mask: batch.mask }, batch.perToken); // [B]
        const losses = nll.sub(terms);
        return {
          loss: losses.mean(),
          heldOut: { loss: maskedMean(losses) },
          stats: {
            ...pairStats(rewards, halves(meanLogProbs(answers))),
            nll_loss: maskedMean(nll),
            log_odds_ratio: maskedMean(terms.div(config.orpo.beta)),
            log_odds_chosen: maskedMean(logOdds),
          },
        };
      },
    };
  },
};

/** Both sequences of a pair with every token but the first marked: the prompt's tokens count too, so nothing is shared. */
const wholeRows = (pair: PairTokens): Tokens[] =>
  pairGroup(pair).map(({ input_ids }) => ({ input_ids, completion_mask: input_ids.map((_, t) => (t === 0 ? 0 : 1)) }));

/** 1 at the answers' tokens, in a batch made of `groups`. → [2B, C] */
function scoredMask(pairs: PairTokens[], groups: Tokens[][], columns: number): tf.Tensor2D {
  const rows = [0, 1].flatMap((answer) =>
    pairs.map((pair, b) => {
      const mask = pairGroup(pair)[answer]!.completion_mask.slice(sharedLength(groups[b]!));
      return Array.from({ length: columns }, (_, t) => mask[t] ?? 0);
    }),
  );
  return tf.tensor2d(rows);
}
