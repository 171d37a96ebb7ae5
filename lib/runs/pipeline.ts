// The stages of a model in one launch: pre-training, SFT, a reward model, and policies from both (Ouyang et al. 2022, arXiv 2203.02155): which runs
// that makes, and what each takes from which.
import { z } from "zod";
import { outputHead } from "../../spec/adapters/lora";
import { bundledModel } from "../../spec/models";
import { chosenSet } from "./chosen-sets";
import { usualRewardFirst } from "./reward-first";
import { runName } from "./run-schema";

export const pipelinePolicies = ["dpo", "ppo", "grpo"] as const;
const steps = z.int().min(1).max(1_000_000);

export const pipelineInput = z.strictObject({
  name: runName,
  /** The base that all begin with; where there is pre-training, only its architecture and tokenizer. */
  model: z.string().trim().min(1, "Name a model.").max(4096),
  /** What a model learns from random weights on, to be the base of all; null leaves pre-training out. */
  pretraining: chosenSet.nullable().default(null),
  /** What SFT imitates; null leaves SFT out. */
  supervised: chosenSet.nullable(),
  /** What the reward model and DPO learn from, and whose prompts PPO and GRPO answer. */
  preferences: chosenSet,
  policies: z.array(z.enum(pipelinePolicies)).min(1, "Choose a method for the policy.").max(pipelinePolicies.length),
  /** Optimiser steps of each run. */
  steps: z.strictObject({ pretraining: steps.default(400), sft: steps, reward: steps, policy: steps }),
});
export type PipelineInput = z.infer<typeof pipelineInput>;
type Policy = PipelineInput["policies"][number];

export type StepKey = "pretraining" | "sft" | "reward" | Policy;

export interface PipelineStep {
  key: StepKey;
  name: string;
  data: "pretraining" | "supervised" | "preferences";
  /** As of a run file; what an earlier step leaves behind stands there as `placeOf` its key. */
  config: { method: string } & Record<string, unknown>;
  /** Earlier steps, and what this one takes from them. */
  uses: { key: StepKey; as: "trains" | "starts from" | "is rewarded by" | "is evaluated by" }[];
}

/**
 * Pre-training never predicts a text's first token, before which none stands, and a LoRA leaves the output head as it was: after it SFT trains
 * the head too (docs/stages.md). A base that others have trained begins answers as it should.
 */
const withHead = { modulesToSave: [outputHead] };

/** Stands in a config for the folder of an earlier step's run. */
export const placeOf = (key: StepKey): string => `step:${key}`;

export const policyNames: Record<Policy, string> = { dpo: "DPO", ppo: "PPO", grpo: "GRPO" };

/** The runs of a pipeline in their order. All policies are evaluated by the reward model, so that they share an axis. */
export function pipelineSteps({
  name,
  model,
  pretraining,
  supervised,
  policies,
  steps,
}: PipelineInput): PipelineStep[] {
  const isTiny = model === "tiny";
  const learningRate = bundledModel(model)?.rewardLearningRate ?? 1e-4;
  const start = supervised === null ? {} : { init: placeOf("sft") };
  const lora = { rank: 16, alpha: 32 };
  const adapter = { ...lora, ...start };
  const shared = {
    model: { source: model, dtype: "float32" },
    data: { heldOut: 0.1, maxLength: isTiny ? 128 : 512 },
  };
  // Answers and the perplexity of general text, which say what a stage costs those before it.
  const sampled = (every: number) => ({ sampleEvery: every, samplePrompts: isTiny ? 24 : 8 });
  const called = (kind: string) => `${name}: ${kind}`.slice(0, 80);
  const ofBase = pretraining === null ? [] : [{ key: "pretraining", as: "trains" } as const];
  const fromSft = supervised === null ? [] : [{ key: "sft", as: "starts from" } as const];
  const pretrained: PipelineStep = {
    ...{ key: "pretraining", name: called("pre-training"), data: "pretraining", uses: [] },
    config: {
      ...{ ...shared, method: "sft", adapter: null, batchSize: 32, maxSteps: steps.pretraining },
      ...sampled(steps.pretraining),
      ...{ evalEvery: Math.ceil(steps.pretraining / 4), sft: { fromScratch: true, completionOnlyLoss: false } },
      // GPT-3's for the smallest models (Brown et al. 2020, arXiv 2005.14165, table 2.1); what made `tiny`
      optimizer: { learningRate: isTiny ? 2e-3 : 6e-4, schedule: "cosine", warmupRatio: 0.05, weightDecay: 0.01 },
    },
  };
  const sft: PipelineStep = {
    ...{ key: "sft", name: called("SFT"), data: "supervised", uses: ofBase },
    config: {
      ...{
        ...shared,
        method: "sft",
        adapter: { ...lora, ...(pretraining !== null && withHead) },
        batchSize: 8,
        maxSteps: steps.sft,
      },
      ...sampled(steps.sft),
      ...{ evalEvery: steps.sft, optimizer: { learningRate: learningRate / 2, warmupRatio: 0.1 } },
    },
  };
  const reward: PipelineStep = {
    ...{ key: "reward", name: called("reward model"), data: "preferences", uses: [...ofBase, ...fromSft] },
    config: {
      ...{ ...shared, method: "reward", adapter, batchSize: usualRewardFirst(model).batchSize, maxSteps: steps.reward },
      ...{ evalEvery: steps.reward, optimizer: { learningRate, schedule: "cosine", warmupRatio: 0.1 } },
    },
  };
  const policyOf = (key: Policy): PipelineStep => ({
    ...{ key, name: called(policyNames[key]), data: "preferences" },
    uses: [...ofBase, ...fromSft, { key: "reward", as: key === "dpo" ? "is evaluated by" : "is rewarded by" }],
    config: {
      ...{
        ...shared,
        method: key,
        adapter,
        maxSteps: steps.policy,
        ...(supervised !== null && { reference: "initial" }),
      },
      ...sampled(Math.ceil(steps.policy / 4)),
      ...optionsOf(key, learningRate),
    },
  });
  return [
    ...(pretraining === null ? [] : [pretrained]),
    ...(supervised === null ? [] : [sft]),
    reward,
    ...policies.map(policyOf),
  ];
}

/** Settings of docs/frontier.md. */
function optionsOf(key: Policy, learningRate: number): object {
  if (key === "dpo")
    return {
      ...{ batchSize: 16, dpo: { beta: 0.1 }, sampleReward: placeOf("reward") },
      optimizer: { learningRate: learningRate / 3, warmupRatio: 0.1 },
    };
  const sampled = { maxCompletionLength: 48, numMiniBatches: 2, normalizeReward: true, missingEosPenalty: 1 };
  const reward = { model: placeOf("reward") };
  return {
    optimizer: { learningRate: learningRate / 4, schedule: "constant", warmupRatio: 0.05 },
    ...(key === "ppo"
      ? { ppo: { ...sampled, rollouts: 64, numPpoEpochs: 2, klCoef: 0.1, reward } }
      : { grpo: { ...sampled, prompts: 8, numGenerations: 8, numIterations: 2, beta: 0.04, reward } }),
  };
}
