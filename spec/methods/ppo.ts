// The block of PPO, with the defaults of TRL's last (1.12) where the sentence names nobody else.
import { z } from "zod";
import { advanced, essential, file, folderOf, runFileOnly } from "../field-meta";
import { environment, isScored, unscored } from "../fields/environment";
import { ptx } from "../fields/ptx";
import { rewardParts } from "../fields/rewards";
import {
  maxCompletionLength,
  missingEosPenalty,
  normalizeReward,
  numMiniBatches,
  rewardClip,
  temperature,
} from "../fields/sampled";
import { noSteps, stepsAreJudged, supervision } from "../fields/supervision";
import { type ConfigOf, defineMethod } from "./method";
import { fromRollouts, updatesInWords } from "./shared";

const options = z
  .strictObject({
    rollouts: z
      .int()
      .min(1)
      .max(4096)
      .default(16)
      .describe("Rollouts per update")
      .meta(essential("Completions sampled in each update")),
    maxCompletionLength,
    temperature,
    numPpoEpochs: z
      .int()
      .min(1)
      .max(100)
      .default(4)
      .describe("PPO epochs")
      .meta({ ...essential("How often an update passes over its rollouts"), formerly: ["epochs"] }),
    numMiniBatches,
    cliprange: z
      .number()
      .positive()
      .default(0.2)
      .describe("Clip range ε")
      .meta({ ...advanced("How far an importance ratio may move before its gradient stops"), formerly: ["clip"] }),
    dualClip: z
      .number()
      .gt(1)
      .nullable()
      .default(null)
      .describe("Dual clip")
      .meta(
        advanced(
          "Bounds the loss of tokens with a negative advantage that became likelier; its authors use 3. Empty: off",
        ),
      ),
    logRatioClamp: z
      .number()
      .positive()
      .default(20)
      .describe("Log-ratio clamp")
      .meta(advanced("Log-ratios are clamped to ± this, so that none overflows")),
    cliprangeValue: z
      .number()
      .positive()
      .default(0.2)
      .describe("Value clip range")
      .meta({ ...advanced("How far a value prediction may move in one update"), formerly: ["valueClip"] }),
    vfCoef: z
      .number()
      .min(0)
      .default(0.1)
      .describe("Value loss coefficient")
      .meta({ ...advanced("Weight of the value loss"), formerly: ["valueCoefficient"] }),
    entropyCoef: z
      .number()
      .min(0)
      .default(0)
      .describe("Entropy coefficient")
      .meta({
        ...advanced("Bonus for each nat of entropy per token; keeps the policy from collapsing early"),
        formerly: ["entropyCoefficient"],
      }),
    lossAggregation: z
      .enum(["token", "sequence"])
      .default("token")
      .describe("Loss aggregation")
      .meta({
        ...advanced("token: mean over all tokens; sequence: mean over completions, whatever their length"),
        formerly: ["average"],
      }),
    targetKl: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe("Target KL")
      .meta(
        advanced(
          "An update stops early once its approximate KL per token exceeds 1.5 times this (as in Spinning Up). Empty: never",
        ),
      ),
    criticWarmup: z
      .int()
      .min(0)
      .default(0)
      .describe("Critic warm-up")
      .meta(advanced("Updates in which only the critic is trained")),
    gamma: z
      .number()
      .gt(0)
      .max(1)
      .default(1)
      .describe("Discount γ")
      .meta(advanced("1: a late reward counts as much as an early one")),
    lam: z
      .number()
      .min(0)
      .max(1)
      .default(0.95)
      .describe("GAE λ")
      .meta({ ...advanced("0 relies on the value function, 1 on the observed rewards"), formerly: ["lambda"] }),
    klCoef: z
      .number()
      .min(0)
      .default(0.05)
      .describe("KL coefficient β")
      .meta({ ...essential("Penalty for each nat of divergence from the reference"), formerly: ["klCoefficient"] }),
    klPlacement: z
      .enum(["reward", "loss"])
      .default("reward")
      .describe("KL penalty in")
      .meta(
        advanced("reward: subtracted from each token's reward, as in InstructGPT; loss: a term of its own, as in GRPO"),
      ),
    klEstimator: z
      .enum(["k1", "k2", "k3", "full"])
      .default("k1")
      .describe("KL estimator")
      .meta(advanced("k1 is unbiased, k3 never negative, full sums over the vocabulary (exact at each position)")),
    adaptiveKl: z
      .strictObject({
        target: z.number().positive().default(6).describe("target").meta(advanced("Nats per completion")),
        horizon: z.number().positive().default(10000).describe("horizon").meta(advanced("Completions")),
      })
      .nullable()
      .default(null)
      .describe("Adaptive KL")
      .meta(advanced("Adapts the coefficient to a target KL (Ziegler et al. 2019). Empty: it is constant")),
    scorePlacement: z
      .enum(["eos", "trl"])
      .default("eos")
      .describe("Reward placed at")
      .meta(advanced("eos: the completion's last token; trl: one token later, as in TRL's PPO")),
    missingEosPenalty: missingEosPenalty.default(1),
    normalizeReward,
    rewardClip,
    whitenRewards: z
      .boolean()
      .default(false)
      .describe("Whiten rewards")
      .meta(advanced("Scales the rewards of an update to standard deviation 1; their mean stays")),
    whitenAdvantages: z
      .boolean()
      .default(true)
      .describe("Whiten advantages")
      .meta(advanced("Normalizes the advantages of an update to mean 0 and standard deviation 1")),
    reward: rewardParts.prefault({}),
    supervision,
    environment,
    ptx,
    value: z
      .strictObject({
        head: z
          .enum(["own-adapter", "actor"])
          .default("own-adapter")
          .describe("Value head on")
          .meta(
            advanced(
              "own-adapter: the critic has an adapter of its own; actor: a head on the policy's hidden states, which is faster",
            ),
          ),
        init: z
          .string()
          .min(1)
          .nullable()
          .default(null)
          .describe("Initialize the critic from")
          .meta({
            ...advanced("A PEFT folder with score.weight. Empty: the reward model, or a fresh adapter that predicts 0"),
            ...folderOf("scorer"),
          }),
      })
      .prefault({}),
    replay: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe("Replay")
      .meta({
        ...runFileOnly("A recorded file of queries, responses and mini-batches to train on instead of sampling"),
        ...file,
      }),
  })
  .refine((ppo) => ppo.rollouts >= ppo.numMiniBatches, {
    path: ["numMiniBatches"],
    message: "more mini-batches than rollouts to split into them",
  })
  .refine(isScored, unscored)
  .refine(stepsAreJudged, noSteps)
  .refine(({ klPlacement, klEstimator }) => klPlacement === "reward" || klEstimator === "k2" || klEstimator === "k3", {
    path: ["klEstimator"],
    message: "in the loss the KL takes k2 or k3: k1 has no gradient on average",
  })
  .refine((ppo) => ppo.value.head === "own-adapter" || ppo.value.init === null, {
    path: ["value", "init"],
    message: "a head on the actor has no adapter to start from",
  });

export const ppo = defineMethod({
  ...fromRollouts,
  charts: [...fromRollouts.charts, "klPenalty", "klCoefficient", "valueLoss", "explainedVariance"],
  name: "ppo",
  block: "ppo",
  options,
  label: "PPO",
  about: "Samples answers, scores them with a reward model or a known rule, and learns online (Schulman et al. 2017).",
  trainsCritic: true,
  scoredBy: ({ ppo }) => ppo,
  bringsRows: ({ ppo }) => ppo.replay !== null,
  sampledAtOnce: ({ ppo }) => ppo.rollouts,
  rowsPerStep: ({ ppo }) => Math.ceil(ppo.rollouts / ppo.numMiniBatches),
  stepsPerRollout: ({ ppo }) => ppo.numPpoEpochs * ppo.numMiniBatches,
  advice: ({ ppo: { rollouts, numMiniBatches } }) =>
    rollouts % numMiniBatches === 0
      ? []
      : [
          {
            path: "ppo.numMiniBatches",
            message: `${rollouts} rollouts do not divide into ${numMiniBatches} equal mini-batches`,
          },
        ],
  describe: (config, { count }) =>
    updatesInWords(
      config,
      count,
      config.ppo.rollouts,
      config.ppo.numPpoEpochs * config.ppo.numMiniBatches,
      `${config.ppo.rollouts} sampled answers`,
    ),
  mayHaveLogged: (names) =>
    names.has("objective/kl") &&
    !["rewards/margins", "rewards/probabilities", "objective/pairs", "objective/score_deviation"].some((name) =>
      names.has(name),
    ),
});
export type PpoConfig = ConfigOf<typeof ppo>;
