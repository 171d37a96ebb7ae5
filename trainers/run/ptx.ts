// PPO-ptx (Ouyang et al. 2022, arXiv 2203.02155, equation 2): the likelihood of pre-training texts, γ E[log π(x)], beside what a method that
// samples maximises. Here the mean is over tokens, so that long texts count no more than in pre-training.
import type { RunConfig } from "../../spec/config";
import { ptxOf } from "../../spec/methods/sampling-of";
import { batchRows } from "../data/row-batches";
import { singleGroup, type Tokens } from "../data/tokenize";
import type { Tree } from "../engine/jit/compile";
import { type LossOutput, maskedMean } from "../engine/loss-output";
import { countTokens, microBatches, scoredTokens, type TokenBatch, tokenBatch } from "../inference/batches";
import { tokenScores } from "../inference/policy";
import type { Context, Method } from "../methods/method";
import { sftLoss } from "../methods/sft/loss";

/** A batch by itself, one that texts stand beside, or these. */
type Mixed<Batch> = { alone: Batch } | { beside: Batch } | { texts: TokenBatch };

/**
 * `method` as the loop trains it. The loop takes the mean of a step's micro-batches by their weights, and texts weigh as much as completions
 * do: so each loss counts twice.
 */
export function withTexts<Batch extends Tree>(
  method: Method<Batch>,
  { model, policy, microBatchTokens }: Pick<Context, "model" | "policy" | "microBatchTokens">,
  config: RunConfig,
  texts: Tokens[],
): Method<Mixed<Batch>> {
  const { coefficient, rows: perStep } = ptxOf(config)!;
  const first = config.method === "ppo" ? config.ppo.criticWarmup * method.stepsPerRollout! : 0;

  function textsOf(step: number, weight: number, pad: number) {
    const rows = batchRows(texts, perStep, step, config.data.order, config.seed);
    const tokens = rows.reduce((sum, row) => sum + scoredTokens(row), 0);
    return microBatches(rows, singleGroup, microBatchTokens).map((part) => ({
      weight: (weight * part.reduce((sum, row) => sum + scoredTokens(row), 0)) / tokens,
      tokens: countTokens(part),
      build: () => ({ texts: tokenBatch(part.map(singleGroup), pad) }),
    }));
  }

  function lossOfTexts(batch: TokenBatch): LossOutput {
    const { logProbs } = tokenScores(model, policy, batch);
    return {
      loss: sftLoss(logProbs, batch.mask).mul(2 * coefficient),
      stats: { ptx_loss: maskedMean(logProbs.neg(), batch.mask) },
    };
  }

  return {
    ...method,
    batches(step, pad) {
      const batches = method.batches(step, pad);
      if (step < first || batches.length === 0)
        return batches.map(({ build, ...batch }) => ({ ...batch, build: () => ({ alone: build() }) }));
      const weight = batches.reduce((sum, batch) => sum + batch.weight, 0);
      return [
        ...batches.map(({ build, ...batch }) => ({ ...batch, build: () => ({ beside: build() }) })),
        ...textsOf(step, weight, pad),
      ];
    },
    heldOut: (pad) =>
      method.heldOut(pad).map(({ build, ...batch }) => ({ ...batch, build: () => ({ alone: build() }) })),
    loss(batch) {
      if ("texts" in batch) return lossOfTexts(batch.texts);
      if ("alone" in batch) return method.loss(batch.alone);
      const output = method.loss(batch.beside);
      return { ...output, loss: output.loss.mul(2) };
    },
  };
}
