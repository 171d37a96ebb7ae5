// The block of PPO, with the defaults of TRL's last (1.12) where the sentence names nobody else.
import { z } from "zod";
import { advanced, essential, file, folderOf, runFileOnly } from "../field-meta";
import { rewardSource } from "../fields/rewards";
import {
  clip,
  miniBatches,
  missingEosPenalty,
  normalizeReward,
  responseLength,
  rewardClip,
  temperature,
} from "../fields/sampled";
import { type ConfigOf, defineMethod } from "./method";
import { fromRollouts, updatesInWords } from "./shared";

const options = z
  .strictObject({
    rollouts: z.int().min(1).max(4096).default(16).describe("Rollouts").meta(essential("Answers sampled per update")),
    responseLength,
    temperature,
    epochs: z
      .int()
      .min(1)
      .max(100)
      .default(4)
      .describe("PPO epochs")
      .meta(essential("How often an update goes through its rollouts")),
    miniBatches,
    clip,
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
    entropyCoefficient: z
      .number()
      .min(0)
      .default(0)
      .describe("Entropy bonus")
      .meta(advanced("What a nat of the policy's entropy at a token is worth; keeps it from settling early")),
    average: z
      .enum(["token", "sequence"])
      .default("token")
      .describe("Average over")
      .meta(advanced("token: all tokens weigh alike; sequence: all answers do, whatever their length")),
    targetKl: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe("Target KL of an update")
      .meta(
        advanced(
          "An update stops once its approximate KL a token is 1.5 times this (Schulman's baselines). Empty: never",
        ),
      ),
    criticWarmup: z
      .int()
      .min(0)
      .default(0)
      .describe("Critic warm-up")
      .meta(advanced("Updates in which only the critic learns")),
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
    klPlacement: z
      .enum(["reward", "loss"])
      .default("reward")
      .describe("KL stands in")
      .meta(advanced("reward: taken off each token's reward, as InstructGPT did; loss: a term of its own, as in GRPO")),
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
    missingEosPenalty: missingEosPenalty.default(1),
    normalizeReward,
    rewardClip,
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
        head: z
          .enum(["own-adapter", "actor"])
          .default("own-adapter")
          .describe("Value head on")
          .meta(
            advanced(
              "own-adapter: the critic has weights of its own; actor: a head on the policy's states, which is faster",
            ),
          ),
        init: z
          .string()
          .min(1)
          .nullable()
          .default(null)
          .describe("Start the critic from")
          .meta({
            ...advanced(
              "A PEFT folder with score.weight. Empty: the reward model, or a fresh adapter whose values are 0",
            ),
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
        ...runFileOnly("A record of queries, responses and mini-batches to learn from instead of sampling"),
        ...file,
      }),
  })
  .refine((ppo) => ppo.rollouts >= ppo.miniBatches, {
    path: ["miniBatches"],
    message: "more mini-batches than rollouts to cut into them",
  })
  .refine(({ klPlacement, klEstimator }) => klPlacement === "reward" || klEstimator === "k2" || klEstimator === "k3", {
    path: ["klEstimator"],
    message: "in the loss the KL takes k2 or k3: k1 has no gradient on average",
  })
  .refine((ppo) => ppo.value.head === "own-adapter" || ppo.value.init === null, {
    path: ["value", "init"],
    message: "a head on the actor has no adapter to start from",
  });

const stepsPerRollout = ({ ppo }: { ppo: { epochs: number; miniBatches: number } }) => ppo.epochs * ppo.miniBatches;

export const ppo = defineMethod({
  ...fromRollouts,
  name: "ppo",
  block: "ppo",
  options,
  label: "PPO",
  about: "Samples answers, scores them with a reward model or a known rule, and learns online (Schulman et al. 2017).",
  trainsCritic: true,
  scoredBy: ({ ppo }) => ppo,
  bringsRows: ({ ppo }) => ppo.replay !== null,
  rowsPerStep: ({ ppo }) => Math.ceil(ppo.rollouts / ppo.miniBatches),
  stepsPerRollout,
  advice: ({ ppo: { rollouts, miniBatches } }) =>
    rollouts % miniBatches === 0
      ? []
      : [
          {
            path: "ppo.miniBatches",
            message: `${rollouts} rollouts do not divide into ${miniBatches} equal mini-batches`,
          },
        ],
  describe: (config, { count }) =>
    updatesInWords(
      config,
      count,
      config.ppo.rollouts,
      stepsPerRollout(config),
      `${config.ppo.rollouts} sampled answers`,
    ),
  mayHaveLogged: (names) =>
    names.has("objective/kl") &&
    !["rewards/margins", "objective/pairs", "objective/score_deviation"].some((name) => names.has(name)),
});
export type PpoConfig = ConfigOf<typeof ppo>;
