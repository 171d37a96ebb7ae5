// Evaluations of a model by lm-eval: what is asked of it, and what came out.
import { z } from "zod";

/** Tasks whose rows are under data/evaluations, by the names that lm-eval knows them by. */
export const ownTasks = {
  instructions: {
    label: "Instructions",
    about: "Prompts whose instructions a program checks, as IFEval does: words to use or avoid, length, format.",
  },
  arithmetic_steps: {
    label: "Arithmetic",
    about: "Sums step by step, the answer after ####; none is in the sample data.",
  },
  sorting: { label: "Sorting", about: "Lists to be put in order; none is in the sample data." },
  general_text: { label: "General text", about: "Perplexity of eight English passages: what tuning has cost." },
} as const;
export type OwnTask = keyof typeof ownTasks;

/** As lm-eval names its tasks and groups of them. */
export const taskName = z
  .string()
  .trim()
  .regex(/^[\w.,:@=+-]{1,200}$/, "Name tasks as lm-eval does, as in hellaswag or gsm8k.");

/** How tasks are asked. Results are compared only where it was the same. */
export const evaluationSettings = z.strictObject({
  /** A folder with task files of one's own, in lm-eval's format. */
  folder: z.string().min(1).max(4096).nullable().default(null),
  /** Rows of each task; null: all. */
  limit: z.int().min(1).max(1_000_000).nullable().default(null),
  /** Worked examples before each question; null: as the task says. */
  fewShot: z.int().min(0).max(64).nullable().default(null),
  /** Whether prompts are put into the model's chat template. */
  chatTemplate: z.boolean().default(true),
  /** Where preferences are compared with scores: the rows, by the name under which they stay the same, and which of them. */
  preferences: z
    .strictObject({
      rows: z.string(),
      category: z.string(),
      /** The share of prompts that the run holds out, and that alone are asked; 0: all are. */
      heldOut: z.number(),
    })
    .nullable()
    .default(null),
});
export type EvaluationSettings = z.infer<typeof evaluationSettings>;

export const evaluationOptions = evaluationSettings.omit({ preferences: true }).extend({
  tasks: z.array(taskName).min(1, "Choose a task.").max(50),
});
export type EvaluationOptions = z.infer<typeof evaluationOptions>;

export const evaluatedMetric = z.object({
  /** As lm-eval calls it: `acc`, `exact_match,strict`. */
  name: z.string(),
  value: z.number(),
  /** Standard error; null where lm-eval has none. */
  error: z.number().nullable(),
  higherIsBetter: z.boolean().nullable(),
  /** The value of each row, in the order of the rows; of a ratio of sums what it adds, linearised. Their mean is the value. Null where the metric is neither. */
  rows: z.array(z.number()).nullable(),
});

export type EvaluatedMetric = z.infer<typeof evaluatedMetric>;

export const evaluatedTask = z.object({
  name: z.string(),
  /** Which of the tasks that were asked for it is, or is part of. */
  asked: z.string(),
  /** Of the task's definition, where it names one. */
  version: z.string().nullable(),
  n: z.int(),
  metrics: z.array(evaluatedMetric),
});
export type EvaluatedTask = z.infer<typeof evaluatedTask>;

export const evaluationReport = z.object({ harness: z.string(), seconds: z.number(), tasks: z.array(evaluatedTask) });
export type EvaluationReport = z.infer<typeof evaluationReport>;
