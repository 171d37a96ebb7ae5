// Who scores sampled answers, as a run file says it.
import { z } from "zod";
import { advanced, essential, folderOf, runFileOnly } from "../field-meta";

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
    .meta(runFileOnly("The share of these parts that an answer holds, in their order")),
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

export const rewardParts = z.strictObject({
  model: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .nullable()
    .default(null)
    .describe("Reward model")
    .meta({
      ...essential("Outputs of reward runs: PEFT folders with score.weight. Several are an ensemble"),
      ...folderOf("reward-model"),
    }),
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
});

/** Whether anything scores. */
export const isGiven = ({ model, gold, rules }: z.infer<typeof rewardParts>): boolean =>
  model !== null || gold !== null || Object.values(rules).some(Boolean);

/** Reward models, the gold scorer and rules, in a weighted sum. */
export const rewardSource = rewardParts.refine(isGiven, {
  path: ["model"],
  message: "give a reward model, a gold scorer or a rule",
});
export type RewardSource = z.infer<typeof rewardSource>;
