// What is asked of a model that goes on after the right steps of solutions, as the page and the server speak of it.
import { z } from "zod";
import { answerMatch, goldTasks, isExpression } from "../../spec/fields/rewards";
import { name } from "../../spec/names";

/** What says whether a continuation is right. */
const verdict = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("oracle"), task: z.enum(goldTasks) }),
  z.strictObject({
    by: z.literal("pattern"),
    expression: z
      .string()
      .min(1, "Write what a right solution matches.")
      .refine(isExpression, "This is not a JavaScript regular expression."),
  }),
  z.strictObject({
    by: z.literal("answer"),
    /** A labelled dataset whose rows hold the right answers to the prompts. */
    answers: z.string().regex(/^labelled:\d+$/, "Choose the dataset that holds the right answers."),
    column: z.string().trim().min(1, "Name the column."),
    match: answerMatch,
  }),
  z.strictObject({ by: z.literal("model"), run: z.string().min(1, "Choose a process reward model.") }),
]);

const whole = (from: number, to: number) => {
  const error = `A whole number from ${from} to ${to}.`;
  return z.int(error).min(from, error).max(to, error);
};
const number = "A number.";

export const stepPairsInput = z.strictObject({
  /** `base:MODEL` is a model as it came, `run:ID` what a run has made of its own. */
  writer: z.string().regex(/^(base|run):.+/, "Name the model."),
  /** Continuations of each solution; the first right one gives the chosen step. */
  samples: whole(1, 64),
  temperature: z.number(number).min(0, "From 0 to 10.").max(10, "From 0 to 10."),
  maxNewTokens: whole(1, 4096),
  verdict,
  /** What is judged: the whole solution, or its right steps and the next one alone. */
  judged: z.enum(["solution", "step"]),
  /** A reward of this or more counts as right. */
  threshold: z.number(number),
  name: name("Name the dataset of pairs."),
});
export type StepPairsInput = z.output<typeof stepPairsInput>;
