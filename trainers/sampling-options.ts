// The blocks of the methods that sample: PPO, with the defaults of TRL's last (1.12) where the sentence names nobody else, and iterative DPO.
import { z } from "zod";
import { advanced, essential } from "./config-field";
import { dpo } from "./method-options";

const weight = z.number().default(1).describe("weight").meta(advanced("In the sum of all parts of the reward"));

const isExpression = (text: string) => {
  try {
    return Boolean(new RegExp(text, "u"));
  } catch {
    return false;
  }
};

const rules = z.strictObject({
  length: z
    .strictObject({
      least: z.int().min(0).default(0).describe("least").meta(advanced("Tokens")),
      most: z.int().min(1).describe("most").meta(advanced("Tokens")),
      weight,
    })
    .refine(({ least, most }) => least <= most, { path: ["least"], message: "more than the most" })
    .nullable()
    .default(null)
    .describe("Rule: length")
    .meta(advanced("1 for answers of `least` to `most` tokens, less the further outside")),
  format: z
    .strictObject({ parts: z.array(z.string().min(1)).min(1), weight })
    .nullable()
    .default(null)
    .describe("Rule: format")
    .meta(advanced("The share of these parts that an answer holds, in their order")),
  pattern: z
    .strictObject({
      expression: z
        .string()
        .min(1)
        .refine(isExpression, "this is no regular expression of JavaScript")
        .describe("expression")
        .meta(advanced("As in JavaScript")),
      weight,
    })
    .nullable()
    .default(null)
    .describe("Rule: pattern")
    .meta(advanced("1 where the regular expression matches")),
  json: z
    .strictObject({ weight })
    .nullable()
    .default(null)
    .describe("Rule: JSON")
    .meta(advanced("1 where the whole answer is valid JSON")),
});

/** Who scores answers: reward models, the gold scorer and rules, in a weighted sum. */
export const rewardSource = z
  .strictObject({
    model: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .nullable()
      .default(null)
      .describe("Reward model")
      .meta(essential("Outputs of reward runs: PEFT folders with score.weight. Several are an ensemble")),
    ensemble: z
      .enum(["mean", "minimum", "lower-bound"])
      .default("mean")
      .describe("Ensemble")
      .meta(
        advanced(
          "What several reward models make together: their mean, the least (Coste et al. 2024), or mean − λ·deviation",
        ),
      ),
    lambda: z.number().min(0).default(1).describe("Ensemble λ").meta(advanced("Of the lower bound")),
    modelWeight: z.number().default(1).describe("Weight of the reward model").meta(advanced("In the sum of all parts")),
    gold: z
      .enum(["film-reviews"])
      .nullable()
      .default(null)
      .describe("Gold scorer")
      .meta(essential("The exact score of a synthetic task, instead of a model or beside it")),
    goldWeight: z.number().default(1).describe("Weight of the gold scorer").meta(advanced("In the sum of all parts")),
    rules: rules.prefault({}),
  })
  .refine(({ model, gold, rules }) => model !== null || gold !== null || Object.values(rules).some(Boolean), {
    path: ["model"],
    message: "give a reward model, a gold scorer or a rule",
  });
export type RewardSource = z.infer<typeof rewardSource>;

export const ppo = z
  .strictObject({
    rollouts: z.int().min(1).max(4096).default(16).describe("Rollouts").meta(essential("Answers sampled per update")),
    responseLength: z
      .int()
      .min(1)
      .max(4096)
      .default(64)
      .describe("Longest answer")
      .meta(essential("Tokens after which an answer is cut")),
    temperature: z
      .number()
      .positive()
      .max(10)
      .default(1)
      .describe("Temperature")
      .meta(advanced("Of sampling, and of every log-probability that is compared with it")),
    epochs: z
      .int()
      .min(1)
      .max(100)
      .default(4)
      .describe("PPO epochs")
      .meta(essential("How often an update goes through its rollouts")),
    miniBatches: z
      .int()
      .min(1)
      .max(512)
      .default(1)
      .describe("Mini-batches")
      .meta(advanced("Parts of the rollouts, one optimiser step each")),
    clip: z
      .number()
      .positive()
      .default(0.2)
      .describe("Clip ε")
      .meta(advanced("How far a token's probability ratio may move before its gradient stops")),
    dualClip: z
      .number()
      .gt(1)
      .nullable()
      .default(null)
      .describe("Dual clip")
      .meta(advanced("Bounds the loss of bad tokens that grew likelier; its authors have 3. Empty: none")),
    logRatioClamp: z
      .number()
      .positive()
      .default(20)
      .describe("Log-ratio clamp")
      .meta(advanced("No log-ratio counts beyond this, so that none overflows")),
    valueClip: z
      .number()
      .positive()
      .default(0.2)
      .describe("Value clip")
      .meta(advanced("How far a value may move in one update")),
    valueCoefficient: z
      .number()
      .min(0)
      .default(0.1)
      .describe("Value coefficient")
      .meta(advanced("Weight of the value loss")),
    gamma: z
      .number()
      .gt(0)
      .max(1)
      .default(1)
      .describe("Discount γ")
      .meta(advanced("1: a late reward counts as an early one")),
    lambda: z
      .number()
      .min(0)
      .max(1)
      .default(0.95)
      .describe("GAE λ")
      .meta(advanced("0 trusts the values, 1 the rewards that came")),
    klCoefficient: z
      .number()
      .min(0)
      .default(0.05)
      .describe("KL coefficient β")
      .meta(essential("What a nat of distance from the reference costs in reward")),
    klEstimator: z
      .enum(["k1", "k2", "k3", "full"])
      .default("k1")
      .describe("KL estimator")
      .meta(advanced("k1 is unbiased, k3 never negative, full sums over the vocabulary (exact at each position)")),
    adaptiveKl: z
      .strictObject({
        target: z.number().positive().default(6).describe("target").meta(advanced("Nats an answer")),
        horizon: z.number().positive().default(10000).describe("horizon").meta(advanced("Answers")),
      })
      .nullable()
      .default(null)
      .describe("Adaptive KL")
      .meta(advanced("Steers the coefficient to a target KL (Ziegler et al. 2019). Empty: it stays")),
    scorePlacement: z
      .enum(["eos", "trl"])
      .default("eos")
      .describe("Score stands at")
      .meta(advanced("eos: the answer's last token; trl: one token later, as TRL's PPO has it")),
    missingEosPenalty: z
      .number()
      .min(0)
      .default(1)
      .describe("Missing-EOS penalty")
      .meta(advanced("Taken off the score of an answer that was cut")),
    normalizeReward: z
      .boolean()
      .default(true)
      .describe("Normalise scores")
      .meta(advanced("Brings a reward model's scores to mean 0 and deviation 1 by its reward.json, where it has one")),
    rewardClip: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe("Reward clip")
      .meta(advanced("Scores beyond ± this are cut. Empty: none")),
    whitenRewards: z
      .boolean()
      .default(false)
      .describe("Whiten rewards")
      .meta(advanced("Brings the rewards of an update to deviation 1; their mean stays")),
    whitenAdvantages: z
      .boolean()
      .default(true)
      .describe("Whiten advantages")
      .meta(advanced("Brings the advantages of an update to mean 0 and deviation 1")),
    reward: rewardSource.prefault({}),
    value: z
      .strictObject({
        init: z
          .string()
          .min(1)
          .nullable()
          .default(null)
          .describe("Start the critic from")
          .meta(
            advanced("A PEFT folder with score.weight. Empty: the reward model, or a fresh adapter whose values are 0"),
          ),
      })
      .prefault({}),
    replay: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe("Replay")
      .meta(advanced("A record of queries, responses and mini-batches to learn from instead of sampling")),
  })
  .refine((ppo) => ppo.rollouts >= ppo.miniBatches, {
    path: ["miniBatches"],
    message: "more mini-batches than rollouts to cut into them",
  });

export const iterativeDpo = z.strictObject({
  rounds: z.int().min(1).max(1000).default(3).describe("Rounds").meta(essential("Each samples, judges and learns")),
  promptsPerRound: z
    .int()
    .min(1)
    .max(1 << 16)
    .default(64)
    .describe("Prompts a round")
    .meta(essential("The prompts are gone through in parts of this size")),
  samples: z
    .int()
    .min(2)
    .max(256)
    .default(8)
    .describe("Answers a prompt")
    .meta(essential("The best and the worst of them become a pair")),
  responseLength: z
    .int()
    .min(1)
    .max(4096)
    .default(64)
    .describe("Longest answer")
    .meta(essential("An answer that is longer is cut, and left out")),
  temperature: z.number().positive().max(10).default(1).describe("Temperature").meta(advanced("Of sampling")),
  epochs: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe("Epochs a round")
    .meta(advanced("How often a round goes through its pairs")),
  judge: rewardSource.prefault({}),
  reference: z
    .enum(["initial", "previous-round"])
    .default("initial")
    .describe("Reference of a round")
    .meta(essential("initial: the policy as it was before the first round; previous-round: as the last one left it")),
  dpo: dpo.prefault({}),
});
