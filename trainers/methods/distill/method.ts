// Distillation: the teacher reads each answer off the tape, the student on it. Answers are the rows' own, or sampled; see answers.ts.

import { methodOf } from "../../../spec/methods/all";
import type { DistillConfig } from "../../../spec/methods/distill";
import { supervisedRows } from "../../data/method-rows";
import { promptOf, withLongestAnswer } from "../../data/prompt-rows";
import type { MicroBatch } from "../../data/row-batches";
import { singleGroup, type Tokens } from "../../data/tokenize";
import { compile } from "../../engine/jit/compile";
import { maskedMean } from "../../engine/loss-output";
import type { tf } from "../../engine/tensorflow";
import { countTokens, microBatches, scoredTokens, type TokenBatch, tokenBatch } from "../../inference/batches";
import { answerStates, divergenceOf, type Speaker, scoresOf } from "../../inference/policy";
import type { Training } from "../method";
import { answersOfSteps } from "./answers";
import { advantagesOf, distillationLoss, policyGradientLoss } from "./loss";

type Batch = TokenBatch & {
  /** Its states. */
  teacher: tf.Tensor2D; // [B·C, d]
  /** Whether the student learns by policy gradient too: these are completions of its own. */
  withPolicyGradient: boolean;
};

export const distill: Training<DistillConfig, Tokens, Batch> = {
  readRows: supervisedRows,
  sequences: singleGroup,
  longest: (row, config) =>
    methodOf(config).samples(config) ? withLongestAnswer(promptOf(row), config.distill.maxCompletionLength) : row,
  create(setup, config, dataset) {
    const { model, policy, microBatchTokens } = setup.context;
    const { teacher } = setup;
    if (teacher === null) throw new Error("distillation has a teacher, and none was loaded");
    const { beta, temperature, policyGradient } = config.distill;
    const teacherStates = compile((batch: TokenBatch) => answerStates(teacher.model, teacher.adapter, batch));
    const answers = answersOfSteps(setup, teacher, config, dataset.train);
    const cut = (rows: Tokens[], withPolicyGradient: boolean, pad: number): MicroBatch<Batch>[] =>
      microBatches(rows, singleGroup, microBatchTokens).map((part) => ({
        weight: part.reduce((sum, row) => sum + scoredTokens(row), 0),
        tokens: countTokens(part),
        build() {
          const batch = tokenBatch(part.map(singleGroup), pad);
          return { ...batch, teacher: teacherStates(batch), withPolicyGradient };
        },
      }));
    return {
      batches(step, pad) {
        const { rows, own } = answers(step);
        return cut(rows, policyGradient && own, pad);
      },
      heldOut: (pad) =>
        cut(
          dataset.heldOut.map(({ tokens }) => tokens),
          false,
          pad,
        ),
      stepMetrics: (step) => answers(step).stats,
      loss(batch) {
        const student: [tf.Tensor2D, Speaker] = [answerStates(model, policy, batch), { model, adapter: policy }];
        const scores = divergenceOf(student, [batch.teacher, teacher], batch, beta, temperature);
        const { mask } = batch;
        const divergence = distillationLoss(scores.divergence, mask);
        const measured = {
          "teacher/kl": maskedMean(scores.kl, mask),
          "teacher/agreement": maskedMean(scores.agreement, mask),
          entropy: maskedMean(scores.entropy, mask),
        };
        if (!batch.withPolicyGradient) return { loss: divergence, stats: measured };
        const { logProbs } = scoresOf(...student, batch, temperature);
        const ofTeacher = scoresOf(batch.teacher, teacher, batch, temperature).logProbs;
        const advantages = advantagesOf(logProbs, ofTeacher, mask, config.distill);
        return {
          loss: divergence.add(policyGradientLoss(logProbs, advantages, mask)),
          stats: { ...measured, "teacher/sampled_kl": maskedMean(advantages.neg(), mask) },
        };
      },
    };
  },
};
