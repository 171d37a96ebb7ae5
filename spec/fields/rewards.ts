// Who scores sampled answers, as a run file says it.
import { z } from "zod";
import { advanced, essential, folderOf, runFileOnly } from "../field-meta";
import { httpAddress, isHttp } from "../http-address";
import { languages } from "../languages";
import { functionFile, functionLimits, holding } from "./own-function";

const weight = z.number().default(1).describe("weight").meta(advanced("Its weight in the summed reward"));

/** Whether it is a JavaScript regular expression. */
export const isExpression = (text: string) => {
  try {
    return Boolean(new RegExp(text, "u"));
  } catch {
    return false;
  }
};

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** How a completion's answer is compared with the right one. */
export const answerMatch = z.enum(["number", "quantity", "choice", "exact", "contains"]);

const rules = z.strictObject({
  length: z
    .strictObject({
      min: z
        .int()
        .min(0)
        .default(0)
        .describe("min")
        .meta({ ...advanced("Tokens"), formerly: ["least"] }),
      max: z
        .int()
        .min(1)
        .describe("max")
        .meta({ ...advanced("Tokens"), formerly: ["most"] }),
      weight,
    })
    .refine(({ min, max }) => min <= max, { path: ["min"], message: "min is greater than max" })
    .nullable()
    .default(null)
    .describe("Rule: length")
    .meta(advanced("1 for completions of min to max tokens, less the further outside")),
  format: z
    .strictObject({ parts: z.array(z.string().min(1)).min(1), weight })
    .nullable()
    .default(null)
    .describe("Rule: format")
    .meta(runFileOnly("Share of these parts that a completion contains, in their order")),
  pattern: z
    .strictObject({
      expression: z
        .string()
        .min(1)
        .refine(isExpression, "not a JavaScript regular expression")
        .describe("expression")
        .meta(advanced("A JavaScript regular expression")),
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
    .meta(advanced("1 where the whole completion is valid JSON")),
  jsonSchema: z
    .strictObject({
      schema: z
        .union([z.string(), z.record(z.string(), z.unknown())])
        .overwrite((given) => (typeof given === "string" ? given : JSON.stringify(given))) // a value like any other, wherever fields are told by their paths
        .refine((text) => isJsonObject(String(text)), "not a JSON object")
        .describe("schema")
        .meta(advanced("A JSON schema of draft 2020-12, or of draft 7 where its $schema says so")),
      weight,
    })
    .nullable()
    .default(null)
    .describe("Rule: JSON schema")
    .meta(advanced("1 where a completion, or its last block in a code fence, is JSON that fits the schema")),
  answer: z
    .strictObject({
      column: z
        .string()
        .min(1)
        .describe("column")
        .meta(advanced("Column of the training data that holds the right answer to each prompt")),
      match: answerMatch
        .default("number")
        .describe("match")
        .meta(
          advanced(
            "number: fractions, percentages and thousands separators are understood; quantity: a number with its unit, 3 km as 3000 m; choice: a letter; exact: but for case, white space and a final full stop; contains: anywhere in the completion",
          ),
        ),
      wrong: z.number().max(1).default(0).describe("wrong").meta(advanced("Score of a wrong answer, such as −1")),
      abstained: z
        .string()
        .min(1)
        .refine(isExpression, "not a JavaScript regular expression")
        .nullable()
        .default(null)
        .describe("abstained")
        .meta(advanced("A regular expression: a completion that matches it claims nothing and scores 0")),
      weight,
    })
    .nullable()
    .default(null)
    .describe("Rule: right answer")
    .meta(advanced("1 where a completion gives the answer of its row")),
  language: z
    .strictObject({
      code: z.enum(languages).describe("language").meta(advanced("By its code of ISO 639-1, such as de")),
      weight,
    })
    .nullable()
    .default(null)
    .describe("Rule: language")
    .meta(advanced("1 where a completion, its reasoning left out, is in this language")),
  think: z
    .strictObject({ weight })
    .nullable()
    .default(null)
    .describe("Rule: reasoning in tags")
    .meta(advanced("1 where a completion begins with its reasoning in one pair of <think> and </think>")),
  overlong: z
    .strictObject({
      max: z.int().min(1).describe("max").meta(advanced("Tokens")),
      margin: z.int().min(0).default(0).describe("margin").meta(advanced("Tokens before max over which it falls")),
      weight,
    })
    .refine(({ max, margin }) => margin <= max, { path: ["margin"], message: "margin is greater than max" })
    .nullable()
    .default(null)
    .describe("Rule: overlong")
    .meta(advanced("0 for completions that leave the margin to max tokens, falling to −1 at max: DAPO's soft penalty")),
  repetition: z
    .strictObject({
      ngram: z.int().min(1).default(3).describe("n").meta(advanced("Tokens of a run")),
      weight,
    })
    .nullable()
    .default(null)
    .describe("Rule: repetition")
    .meta(advanced("Minus the share of a completion's runs of n tokens that stood in it before")),
});

export const goldTasks = ["film-reviews", "arithmetic", "strings", "sorting"] as const;

const rewardFunction = z
  .strictObject({
    file: functionFile.describe("file").meta(holding("reward(prompts, completions, …)")),
    weight,
    ...functionLimits("completions"),
    onFailure: z
      .enum(["stop", "zero"])
      .default("stop")
      .describe("on failure")
      .meta(advanced("stop: the run ends; zero: the batch scores 0, the log says why, and the run goes on")),
  })
  .nullable()
  .default(null)
  .describe("Reward function")
  .meta(essential("A function of your own scores the completions, with the columns of their rows"));

/** As OpenAI's score-model graders: a model reads a completion and says how good it is. */
const grader = z
  .strictObject({
    endpoint: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .describe("endpoint")
      .meta({ ...essential("One of the workbench's, by its name"), takes: "endpoint" }),
    rubric: z
      .string()
      .trim()
      .min(1)
      .max(8000)
      .default("Does the response do what the conversation asks for, correctly, completely and to the point?")
      .describe("rubric")
      .meta(
        advanced(
          "What a completion is graded by, in words for the model. Empty: whether it does what the conversation asks for",
        ),
      ),
    weight,
  })
  .nullable()
  .default(null)
  .describe("Grader")
  .meta(
    essential("An endpoint reads each completion with its prompt and gives it 0 to 10 points, which count as 0 to 1"),
  );

export const rewardParts = z.strictObject({
  model: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .nullable()
    .default(null)
    .describe("Reward model")
    .meta({
      ...essential(
        "Output of a reward run, a PEFT folder with score.weight, or a model of its own, as hub:owner/name. Several make an ensemble",
      ),
      ...folderOf("reward-model"),
    }),
  ensemble: z
    .enum(["mean", "minimum", "lower-bound"])
    .default("mean")
    .describe("Ensemble")
    .meta(
      advanced(
        "How an ensemble's scores are combined: mean, minimum (Coste et al. 2024), or mean − λ · standard deviation",
      ),
    ),
  lambda: z.number().min(0).default(1).describe("Ensemble λ").meta(advanced("λ of the lower bound")),
  steps: z
    .enum(["minimum", "product", "mean", "last"])
    .default("minimum")
    .describe("Step aggregation")
    .meta(
      advanced(
        "How a process reward model's probabilities of an answer's steps become its reward: their minimum, product, mean, or the last one",
      ),
    ),
  modelWeight: z.number().default(1).describe("Reward model weight").meta(advanced("Its weight in the summed reward")),
  gold: z
    .enum(goldTasks)
    .nullable()
    .default(null)
    .describe("Oracle reward")
    .meta(essential("The exact reward of a synthetic task, instead of a reward model or in addition to it")),
  goldWeight: z.number().default(1).describe("Oracle reward weight").meta(advanced("Its weight in the summed reward")),
  remote: z
    .string()
    .refine(isHttp, `not an ${httpAddress}`)
    .nullable()
    .default(null)
    .describe("Reward over HTTP")
    .meta(
      essential(
        "Address of a program that scores answers by OpenRLHF's protocol, such as http://127.0.0.1:5000/get_reward",
      ),
    ),
  remoteWeight: z.number().default(1).describe("HTTP reward weight").meta(advanced("Its weight in the summed reward")),
  function: rewardFunction,
  grader,
  rules: rules.prefault({}),
});

export type RewardParts = z.infer<typeof rewardParts>;

/** Whether anything scores. */
export const isGiven = ({ rules, ...others }: RewardParts): boolean =>
  [others.model, others.gold, others.remote, others.function, others.grader, ...Object.values(rules)].some(Boolean);

/** Reward models, here and over HTTP, the oracle scorer, a function of one's own, a grader and rules, in a weighted sum. */
export const rewardSource = rewardParts.refine(isGiven, {
  path: ["model"],
  message: "give a reward model, an oracle reward, an address, a function, a grader or a rule",
});
export type RewardSource = z.infer<typeof rewardSource>;
export type StepAggregation = RewardSource["steps"];
export type GoldTask = NonNullable<RewardSource["gold"]>;
export type Grader = NonNullable<RewardSource["grader"]>;
export type RewardFunction = NonNullable<RewardSource["function"]>;
