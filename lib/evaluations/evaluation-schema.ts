// What the Evaluations tabs of a run and of Compare show.
import { z } from "zod";
import { evaluationOptions, evaluationSettings } from "../../spec/evaluations";
import { chosenSet } from "../runs/chosen-sets";

/** Of a run: its result, or a checkpoint's. */
export const newEvaluation = evaluationOptions.extend({ step: z.int().min(1).nullable().default(null) });
export type NewEvaluation = z.infer<typeof newEvaluation>;

/** How often the run's model agrees with the preferences of a dataset. */
export const newAgreement = z.strictObject({
  data: chosenSet,
  /** A column that tells the category of a row. */
  category: z.string().trim().min(1, "Name a column.").max(200).default("subset"),
  /** Only prompts that the run has held out of its training. */
  heldOutOnly: z.boolean(),
  limit: z.int().min(1).nullable().default(null),
  step: z.int().min(1).nullable().default(null),
});
export type NewAgreement = z.infer<typeof newAgreement>;

/** What a request starts. */
export const startedEvaluation = z.union([newEvaluation, newAgreement]);

const cell = z.object({
  value: z.number(),
  /** Standard error. */
  error: z.number().nullable(),
  n: z.int(),
  /** Of a run, how far it was. */
  step: z.int().nullable(),
  /** From the model that it was trained from: with the half-width of its 95 % interval, and whether it is for the better. */
  difference: z.object({ delta: z.number(), half: z.number().nullable(), better: z.boolean().nullable() }).nullable(),
});
export type EvaluationCell = z.infer<typeof cell>;

export const evaluationTable = z
  .object({
    /** The bases of the runs, then the runs. */
    models: z.array(z.object({ name: z.string(), run: z.string().nullable() })),
    rows: z.array(
      z.object({
        task: z.string(),
        metric: z.string(),
        settings: evaluationSettings,
        higherIsBetter: z.boolean().nullable(),
        /** Whether it is a share, from 0 to 1. */
        isShare: z.boolean(),
        /** One a model; null where it was not measured. */
        cells: z.array(cell.nullable()),
      }),
    ),
  })
  .meta({ id: "EvaluationTable" });
export type EvaluationTable = z.infer<typeof evaluationTable>;

export const runEvaluations = z.object({
  table: evaluationTable,
  /** The evaluation that goes on, or that failed last. */
  job: z
    .object({ id: z.string(), said: z.string(), progress: z.number().nullable(), error: z.string().nullable() })
    .nullable(),
});
