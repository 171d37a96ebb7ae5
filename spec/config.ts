// One schema of a run: it is the launch form, the stored JSON, the CLI file and the docs. No tfjs in here: the browser imports it.
// Fields that every run has are in fields/common.ts, each method's own in methods/.
import { z } from "zod";
import { dropoutOf, learnsPrompt, startsAsBase, trainsHead } from "./adapters/adapters";
import { outputHead } from "./adapters/lora";
import { engineProblems } from "./engines";
import type { Problem } from "./errors";
import { askedModel } from "./fields/model";
import { rewardSource } from "./fields/rewards";
import { currentNames, newNameOf, pathAsGiven } from "./former-names";
import { methodOf, type RunConfig } from "./methods/all";
import { allSchemas } from "./methods/schemas";
import { isGguf } from "./models";
import { plainWords } from "./plain-words";

export type { Method, RunConfig } from "./methods/all";

const currentRun = z.discriminatedUnion("method", allSchemas).superRefine((parsed, context) => {
  const run = parsed as unknown as RunConfig; // the union of a list has lost which options go with which method
  const method = methodOf(run);
  const issue = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
  for (const [path, why] of engineProblems(run)) issue(path.split("."), why);
  const { train, tokens, heldOut, splitColumn, maxRows, eval: heldOutFile } = run.data;
  const replayed = method.bringsRows(run);
  if (replayed ? train !== null : (train === null) === (tokens === null))
    issue(["data", "train"], replayed ? "a replay brings its own prompts" : "give either data.train or data.tokens");
  if (heldOut > 0 && (tokens !== null || replayed))
    issue(["data", "heldOut"], "rows that are token ids are all trained on: set it to 0");
  if (maxRows !== null && (tokens !== null || replayed))
    issue(["data", "maxRows"], "rows that are token ids are all trained on: leave it empty");
  if (splitColumn !== null && (heldOut > 0 || heldOutFile !== null))
    issue(
      ["data", heldOut > 0 ? "heldOut" : "eval"],
      `the column ${splitColumn} says which rows are held out: ${heldOut > 0 ? "set it to 0" : "leave it empty"}, or leave data.splitColumn empty`,
    );
  if (heldOut > 0 && heldOutFile !== null)
    issue(["data", "heldOut"], "data.eval brings the held-out rows: set it to 0, or leave data.eval empty");
  if (method.onPolicy && tokens !== null)
    issue(["data", "tokens"], "this method samples its answers: give prompts as data.train");
  if (method.onPolicy && run.onSpike === "rollback")
    issue(["onSpike"], 'this method samples its batches, which cannot be left out afterwards: use "continue"');
  if ("reference" in run && run.reference === "initial" && startsAsBase(run.adapter))
    issue(
      ["reference"],
      'reference "initial" needs adapter.init; a fresh adapter, and a model whose every weight is trained, start as the base itself',
    );
  for (const { path, message } of method.problems(run)) issue(path.split("."), message);
  if (run.adapter === null && (run.recompute === "block" || run.recompute === "disk"))
    issue(["recompute"], 'recomputing blocks needs an adapter; use "attention" to train every weight');
  if (run.adapter === null && run.model.quantisation !== null)
    issue(
      ["model", "quantisation"],
      "only a frozen base is quantised, and without an adapter every weight is trained: leave it empty",
    );
  if (run.model.quantisation === "gguf" && !isGguf(run.model.source))
    issue(
      ["model", "quantisation"],
      `"gguf" holds a model in the blocks of its .gguf file, and ${run.model.source} is none: choose "nf4-double", or leave it empty`,
    );
  if (run.model.quantisation === null && run.model.unquantised.length > 0)
    issue(["model", "unquantised"], "the base is not quantised: leave it empty, or choose model.quantisation");
  if (run.adapter?.type === "lora" && run.adapter.dora && run.adapter.start !== "zero")
    issue(["adapter", "start"], `a DoRA starts at "zero", not at "${run.adapter.start}": choose one of the two`);
  if (run.adapter?.type === "lora" && run.adapter.pissaIterations !== null && run.adapter.start !== "pissa")
    issue(
      ["adapter", "pissaIterations"],
      `applies to adapter.start "pissa" only, and it is "${run.adapter.start}": leave it empty, or start at "pissa"`,
    );
  if (run.adapter?.type === "lora" && run.adapter.init !== undefined && run.adapter.modulesToSave.length > 0)
    issue(
      ["adapter", "modulesToSave"],
      "the adapter that adapter.init names has its own, and no others are added to it: leave the list empty, or adapter.init",
    );
  if (trainsHead(run.adapter) && method.produces !== "policy")
    issue(
      ["adapter", "modulesToSave"],
      `${method.label} trains a head of its own, and nothing is read from ${outputHead}: take it out of the list`,
    );
  const dropout = dropoutOf(run.adapter);
  if (dropout > 0 && run.adapter?.type === "lora" && run.adapter.start !== "zero")
    issue(
      ["adapter", "dropout"],
      `a start of "${run.adapter.start}" is the base's largest directions, which dropout would take away: set it to 0, or adapter.start to "zero"`,
    );
  if (dropout > 0 && method.usesRatios)
    issue(
      ["adapter", "dropout"],
      `${method.label} compares the policy with itself when it sampled, which dropout of ${dropout} would tell apart: set it to 0`,
    );
  if (learnsPrompt(run.adapter) && (method.produces === "reward-model" || method.trainsCritic))
    issue(
      ["adapter", "type"],
      `${method.label} trains a score on the model's layers, and a learned ${run.adapter!.type} leaves them as they are: use "lora"`,
    );
  if (run.adapter?.type !== "lora" && run.optimizer.loraPlusRatio !== 1)
    issue(["optimizer", "loraPlusRatio"], "it is about LoRA's B, and this run trains none: leave it at 1");
});

/**
 * A run as its file gives it, by the names of today or by those that fields had before: `data.train` and `data.tokens` exclude each other.
 */
export const runConfig: z.ZodType<RunConfig> = z.unknown().transform((file, context) => {
  const parsed = currentRun.safeParse(currentNames(file), { error: plainWords });
  if (parsed.success) return parsed.data as unknown as RunConfig;
  for (const issue of parsed.error.issues) {
    const path = pathAsGiven(file, issue.path.join("."));
    context.issues.push({ ...issue, input: file, path: path === "" ? [] : path.split(".") } as z.core.$ZodRawIssue);
  }
  return z.NEVER;
});

/** What `workbench generate` reads. */
export const generateConfig = z.strictObject({
  model: askedModel,
  adapter: z.string().min(1).nullable().default(null),
  /** Who writes the second answer of each pair: null is the same policy, "base" the model without an adapter, else an adapter's folder. */
  against: z.string().min(1).nullable().default(null),
  prompts: z.string().min(1),
  samples: z.int().min(1).max(64).default(1),
  maxNewTokens: z.int().min(1).max(4096).default(128),
  temperature: z.number().min(0).max(10).default(1),
  topK: z.int().min(1).nullable().default(null),
  topP: z.number().gt(0).max(1).nullable().default(null),
  batchSize: z.int().min(1).max(256).default(16),
  seed: z.int().min(0).default(0),
});
export type GenerateConfig = z.infer<typeof generateConfig>;

/** What `workbench step-pairs` reads: how solutions are gone on with before their first wrong step, and what counts as right. */
export const stepPairsConfig = generateConfig
  .omit({ against: true, prompts: true })
  .extend({
    /** Continuations of each solution; the first right one is chosen. */
    samples: generateConfig.shape.samples.default(8),
    reward: rewardSource,
    /** A file or a dataset whose rows hold the right answers to the prompts, for the rule that compares with them. */
    answers: z.string().min(1).nullable().default(null),
    /** The whole solution, or what it is with its next step alone: a process reward model reads that. */
    judged: z.enum(["solution", "step"]).default("solution"),
    /** A reward of this or more counts as right. */
    threshold: z.number(),
  })
  .superRefine(({ reward, answers }, context) => {
    const issue = (message: string) => context.addIssue({ code: "custom", path: ["answers"], message });
    if (reward.rules.answer && answers === null)
      issue("reward.rules.answer compares with right answers: name the file or the dataset that holds them");
    if (!reward.rules.answer && answers !== null)
      issue("nothing reads right answers: set reward.rules.answer, or leave this out");
  });
export type StepPairsConfig = z.infer<typeof stepPairsConfig>;

/** What `workbench tree-pairs` reads: how trees of steps are searched, and what judges the solutions. */
export const treePairsConfig = generateConfig.omit({ against: true, prompts: true, samples: true }).extend({
  /** At 0 all children would be the same. */
  temperature: z.number().gt(0).max(10).default(1),
  /** Of each tree; each expands a step at most. */
  simulations: z.int().min(1).max(1024).default(16),
  /** Continuations that are sampled when a step is expanded. */
  children: z.int().min(2).max(64).default(4),
  /** c_puct, on the scale of the reward. */
  exploration: z.number().min(0).default(1),
  /** Steps of a solution at most. */
  depth: z.int().min(1).max(64).default(8),
  /** A pair's steps differ in Q by this or more. */
  minDifference: z.number().min(0).default(0),
  reward: rewardSource,
  /** The whole solution that is sampled on from a step, or the steps so far alone: a process reward model reads those. */
  judged: z.enum(["solution", "step"]).default("solution"),
});
export type TreePairsConfig = z.infer<typeof treePairsConfig>;

/** What `workbench chat` reads: a conversation that each adapter is to go on, null being the base alone. */
export const chatConfig = z.strictObject({
  model: askedModel,
  adapters: z.array(z.string().min(1).nullable()).min(1).max(4),
  messages: z.array(z.strictObject({ role: z.string().min(1), content: z.string().min(1) })).min(1),
  maxNewTokens: z.int().min(1).max(4096).default(128),
  temperature: z.number().min(0).max(10).default(1),
  seed: z.int().min(0).default(0),
});
export type ChatConfig = z.infer<typeof chatConfig>;

/** Every problem of a file, each at its field's path; a stray field has one of its own. */
export function problemList({ issues }: z.ZodError): Problem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.join(".");
    if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
    const words = path === "" ? issue.message.split("\n") : []; // strayField; a nested block has no words of its own
    return issue.keys.map((key, i) => {
      const field = path ? `${path}.${key}` : key;
      const now = newNameOf(field); // an old name is left in the file where the new one is there too
      return {
        path: field,
        message: now ? `is called ${now} now; give one of the two` : (words[i] ?? "unknown field"),
      };
    });
  });
}

/** The same as `path: message`, one a line. */
export const problems = (error: z.ZodError): string[] =>
  problemList(error).map(({ path, message }) => `${path || "file"}: ${message}`);
