// Methods that sample, as OpenRLHF 0.11.2 has them: PPO, and what it calls advantage estimators of it.
import type { RewardSource } from "../fields/rewards";
import type { GrpoConfig } from "../methods/grpo";
import type { PpoConfig } from "../methods/ppo";
import type { RlooConfig } from "../methods/rloo";
import { type Sampled, samplingOf } from "../methods/sampling-of";
import type { Flags } from "./words";

type Problems = [isSo: boolean, path: string, why: string][];

/** The address that scores completions; null where the workbench has to serve the run's reward. */
export function remoteReward(config: Sampled): string | null {
  const { reward, rewardClip, missingEosPenalty } = samplingOf(config);
  const { remote, remoteWeight, ...others } = reward;
  const isAlone = remoteWeight === 1 && rewardClip === null && missingEosPenalty === 0 && !scoresBeside(others);
  return isAlone ? remote : null;
}

const scoresBeside = ({ rules, model, gold, function: own, grader }: Omit<RewardSource, "remote" | "remoteWeight">) =>
  [model, gold, own, grader, ...Object.values(rules)].some(Boolean);

/** Flags of the method alone. */
export function sampledFlags(config: Sampled): Flags {
  const { prompts, numGenerations, numMiniBatches, passes, maxCompletionLength, temperature } = samplingOf(config);
  return {
    "rollout.batch_size": prompts,
    "rollout.n_samples_per_prompt": numGenerations,
    "rollout.max_new_tokens": maxCompletionLength,
    "rollout.temperature": temperature,
    "train.batch_size": (prompts * numGenerations) / numMiniBatches,
    "train.max_epochs": passes,
    "train.num_episodes": 1,
    ...ofMethod(config),
  };
}

function ofMethod(config: Sampled): Flags {
  if (config.method === "ppo") return ppoFlags(config);
  if (config.method === "grpo") return grpoFlags(config);
  if (config.method === "rloo")
    return { "algo.advantage.estimator": "rloo", ...clip(config.rloo.epsilon), ...kl(config.rloo.beta, "k1") };
  const { baseline, epsilon, beta } = config.reinforcePlusPlus;
  return {
    "algo.advantage.estimator": baseline === "group" ? "reinforce_baseline" : "reinforce",
    ...clip(epsilon),
    ...kl(beta, "k1"),
  };
}

const clip = (below: number, above = below): Flags => ({ "actor.eps_clip_low_high": [below, above] });
const kl = (coefficient: number, estimator: string): Flags => ({
  "algo.kl.init_coef": coefficient,
  ...(coefficient > 0 && { "algo.kl.estimator": estimator }),
});

function ppoFlags({ ppo }: PpoConfig): Flags {
  return {
    "algo.advantage.estimator": "gae",
    "algo.advantage.gamma": ppo.gamma,
    "algo.advantage.lambd": ppo.lam,
    ...clip(ppo.cliprange),
    ...(ppo.dualClip !== null && { "actor.dual_clip": ppo.dualClip }),
    ...(ppo.lossAggregation === "sequence" && { "actor.loss_agg_mode": "seq-mean-token-mean" }),
    ...(ppo.entropyCoef > 0 && { "actor.entropy_coef": ppo.entropyCoef }),
    "critic.value_clip": ppo.cliprangeValue,
    // the actor is trained in updates whose number, from 0 on, is greater
    ...(ppo.criticWarmup > 0 && { "critic.freezing_steps": ppo.criticWarmup - 1 }),
    ...kl(ppo.klCoef, ppo.klEstimator),
    ...(ppo.klPlacement === "loss" && ppo.klCoef > 0 && { "algo.kl.use_loss": true }),
  };
}

function grpoFlags({ grpo }: GrpoConfig): Flags {
  return {
    "algo.advantage.estimator": grpo.scaleRewards === "group" ? "group_norm" : "dr_grpo",
    ...clip(grpo.epsilon, grpo.epsilonHigh ?? grpo.epsilon),
    ...(grpo.delta !== null && { "actor.dual_clip": grpo.delta }),
    ...(grpo.lossType === "grpo" && { "actor.loss_agg_mode": "seq-mean-token-mean" }),
    ...(grpo.importanceSamplingLevel === "sequence" && { "actor.policy_loss_type": "gspo" }),
    ...kl(grpo.beta, "k3"),
    ...(grpo.beta > 0 && {
      "algo.kl.use_loss": true,
      ...(grpo.useBiasCorrectionKl && { "algo.kl.unbiased_gradient": true }),
    }),
  };
}

export function sampledProblems(config: Sampled): Problems {
  const { block, prompts, numGenerations, numMiniBatches, environment, reward, ptx } = samplingOf(config);
  const completions = prompts * numGenerations;
  return [
    [environment !== null, `${block}.environment`, "OpenRLHF's environments are classes in Python; leave it empty"],
    [ptx !== null, `${block}.ptx.texts`, "OpenRLHF 0.11.2 learns no texts beside its completions; leave it empty"],
    [
      reward.grader !== null,
      `${block}.reward.grader`,
      "the workbench alone asks its endpoints, and the command may run elsewhere; leave it empty",
    ],
    [
      completions % numMiniBatches !== 0,
      `${block}.numMiniBatches`,
      `OpenRLHF's mini-batches are of one size, and ${completions} completions cannot be divided into ${numMiniBatches}`,
    ],
    [
      (completions / numMiniBatches) % config.distributed.processes !== 0,
      "distributed.processes",
      `${config.distributed.processes} processes cannot share mini-batches of ${completions / numMiniBatches} completions equally`,
    ],
    ...ownProblems(config),
  ];
}

function ownProblems(config: Sampled): Problems {
  if (config.method === "ppo") return ppoProblems(config);
  if (config.method === "grpo") return grpoProblems(config);
  if (config.method === "rloo")
    return [
      ...oneBatch(config),
      [config.rloo.normalizeAdvantages, "rloo.normalizeAdvantages", "OpenRLHF's RLOO normalizes none"],
    ];
  return [];
}

const oneBatch = (config: GrpoConfig | RlooConfig): Problems => {
  const { dynamicSamplingBatches } = config.method === "grpo" ? config.grpo : config.rloo;
  return [
    [
      dynamicSamplingBatches > 1,
      `${config.method}.dynamicSamplingBatches`,
      "OpenRLHF goes on sampling until a batch is full; set it to 1",
    ],
  ];
};

function ppoProblems({ ppo }: PpoConfig): Problems {
  const clamp = 20;
  return [
    [ppo.replay !== null, "ppo.replay", "OpenRLHF samples by itself"],
    [ppo.supervision === "process", "ppo.supervision", "OpenRLHF rewards completions as wholes; set it to outcome"],
    [ppo.logRatioClamp !== clamp, "ppo.logRatioClamp", `OpenRLHF's is ${clamp}`],
    [ppo.targetKl !== null, "ppo.targetKl", "OpenRLHF ends no update early; leave it empty"],
    [ppo.adaptiveKl !== null, "ppo.adaptiveKl", "OpenRLHF's target is per token, not per completion; leave it empty"],
    [ppo.klEstimator === "full", "ppo.klEstimator", "OpenRLHF has k1, k2 and k3"],
    [ppo.scorePlacement !== "eos", "ppo.scorePlacement", "OpenRLHF places it at the last token: eos"],
    [ppo.whitenRewards, "ppo.whitenRewards", "OpenRLHF does not whiten rewards"],
    [!ppo.whitenAdvantages, "ppo.whitenAdvantages", "OpenRLHF always whitens advantages"],
    [ppo.value.head !== "own-adapter", "ppo.value.head", "OpenRLHF's critic is a model of its own: own-adapter"],
    [ppo.value.init !== null, "ppo.value.init", "OpenRLHF's critic starts from the policy's model; leave it empty"],
    [
      ppo.klPlacement === "loss" && ppo.lossAggregation === "sequence" && ppo.klCoef > 0,
      "ppo.klPlacement",
      "OpenRLHF's KL in the loss is a mean over tokens; put it in the reward, or aggregate the loss by token",
    ],
  ];
}

function grpoProblems(config: GrpoConfig): Problems {
  const { grpo } = config;
  const isSequence = grpo.importanceSamplingLevel === "sequence";
  return [
    ...oneBatch(config),
    [grpo.supervision === "process", "grpo.supervision", "OpenRLHF rewards completions as wholes; set it to outcome"],
    [
      !["dapo", "bnpo", "grpo"].includes(grpo.lossType),
      "grpo.lossType",
      "OpenRLHF takes means over tokens (dapo), or over completions (grpo)",
    ],
    [isSequence && grpo.lossType !== "grpo", "grpo.lossType", "OpenRLHF's GSPO is a mean over completions: grpo"],
    [
      isSequence && grpo.delta !== null,
      "grpo.delta",
      "is of tokens, and importance is sampled by the sequence; leave it empty",
    ],
    [grpo.scaleRewards === "batch", "grpo.scaleRewards", "OpenRLHF scales by the group, or not at all: none"],
    [
      grpo.delta !== null && grpo.delta <= 1 + (grpo.epsilonHigh ?? grpo.epsilon),
      "grpo.delta",
      `OpenRLHF's dual clip lies above the clip range, which ends at ${1 + (grpo.epsilonHigh ?? grpo.epsilon)}`,
    ],
    [
      grpo.beta > 0 && grpo.lossType === "grpo",
      "grpo.beta",
      "OpenRLHF's KL in the loss is a mean over tokens; set it to 0, or the loss to dapo",
    ],
    [grpo.maskTruncatedCompletions, "grpo.maskTruncatedCompletions", "OpenRLHF leaves none out"],
  ];
}
