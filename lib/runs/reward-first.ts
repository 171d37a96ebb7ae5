// The reward model that a launch trains before its policy: the same base, adapter and rows, and a few settings of its own.
import { z } from "zod";
import { bundledModel } from "../../spec/models";
import type { LaunchInput } from "./run-schema";

export const rewardFirstSettings = z.strictObject({
  maxSteps: z.int().min(1),
  batchSize: z.int().min(1),
  learningRate: z.number().positive().max(10),
});
export type RewardFirstSettings = z.infer<typeof rewardFirstSettings>;

/** What a model of this size learns a preference from; one of unknown size takes the careful rate. */
export const usualRewardFirst = (model: unknown): RewardFirstSettings => ({
  maxSteps: 300,
  batchSize: 16,
  learningRate: bundledModel(model)?.rewardLearningRate ?? 1e-4,
});

/** The run that comes first, for a policy of the run `config`. It is measured on its held-out rows at its end. */
export function rewardFirst(
  name: string,
  config: Record<string, unknown>,
  { maxSteps, batchSize, learningRate }: RewardFirstSettings,
): NonNullable<LaunchInput["first"]> {
  const { model, adapter, seed } = config;
  const data = config.data as { heldOut?: number; eval?: string | null } | undefined;
  return {
    name: `${name}: reward model`.slice(0, 80),
    config: {
      method: "reward",
      ...{ model, adapter, seed, maxSteps, batchSize },
      data: { ...data, heldOut: data?.eval ? 0 : data?.heldOut || 0.1 },
      evalEvery: maxSteps,
      optimizer: { learningRate, schedule: "cosine", warmupRatio: 0.1 },
    },
  };
}
