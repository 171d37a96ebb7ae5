// Evaluations of the current policy at intervals: the loss on held-out rows, and completions of fixed prompts.
import type { Answer } from "../../spec/answers";
import type { RunConfig } from "../../spec/config";
import { type Example, forReward, type TrainingData } from "../data/dataset";
import { epochOf } from "../data/epochs";
import type { Stats } from "../engine/gradients";
import type { Tree } from "../engine/jit/compile";
import { environmentOf } from "../environments/environment";
import { createMeter, heldOutStats } from "../evaluation/held-out";
import { createOnPolicyEvaluator, type EvaluationPrompt } from "../evaluation/on-policy";
import type { Method, Setup } from "../methods/method";
import { isDue } from "./loop";
import { sampleReward } from "./setup";

export interface Evaluations {
  /** Undefined where no row is held out or none is due. */
  heldOut(step: number): Stats | undefined;
  onPolicy(step: number): { stats: Stats; answers: Answer[] } | undefined;
}

export function createEvaluations<Batch extends Tree>(
  config: RunConfig,
  method: Method<Batch>,
  dataset: TrainingData<unknown>,
  totalSteps: number,
  setup: Setup,
): Evaluations {
  const { context, reference, tokenizer } = setup;
  const { stepsPerRollout = 1 } = method;
  const isDueAt = (every: number | null, step: number) =>
    every !== null && (isDue(every, step, stepsPerRollout) || step === totalSteps);
  const meter = createMeter(method);
  const prompts = config.sampleEvery === null ? [] : evaluationPrompts(dataset, config.samplePrompts);
  const evaluate =
    prompts.length === 0
      ? null
      : createOnPolicyEvaluator(prompts, config, {
          ...context,
          reference,
          tokenizer,
          reward: sampleReward(config, setup, method.reward ?? null),
          environment: environmentOf(config, setup.note),
        });
  return {
    heldOut: (step) =>
      dataset.heldOut.length > 0 && isDueAt(config.evalEvery, step)
        ? heldOutStats(meter(method.heldOut(tokenizer.pad)))
        : undefined,
    onPolicy: (step) => (evaluate && isDueAt(config.sampleEvery, step) ? evaluate() : undefined),
  };
}

/** The first distinct prompts that are not trained on, or of the training rows where none are held out. */
export function evaluationPrompts({ heldOut, train }: TrainingData<unknown>, count: number): EvaluationPrompt[] {
  const distinct = new Map<string, EvaluationPrompt>();
  for (const { prompt, promptIds: ids, ...more } of [...heldOut, ...epochOf(train, 0)] as Example<unknown>[]) {
    if (distinct.size === count) break;
    if (prompt !== null && ids.length > 0) distinct.set(JSON.stringify(prompt), { prompt, ids, ...forReward(more) });
  }
  return [...distinct.values()];
}
