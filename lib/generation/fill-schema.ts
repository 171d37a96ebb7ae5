// Filling a queue with fresh pairs, as the pages and the server speak of it.
import { z } from "zod";
import { name } from "../../spec/names";
import { isAlone, type Question, questions } from "../../spec/queue-options";

const mostAnswers = 8;

/** `base:MODEL` is a model as it came, `run:ID` what a run has made of its own, `endpoint:ID` a server of others. */
const writer = z.string().regex(/^((base|run):.+|endpoint:\d+)$/);

/** How many answers to each prompt there must be. */
export const fewestAnswers = ({ question, second }: { question: Question; second: string | null }): 1 | 2 =>
  isAlone(question) && second === null ? 1 : 2;

const given = z.strictObject({
  queue: name("Name the dataset."),
  first: writer,
  /** Null: the same as the first, so that chance alone tells the answers apart. */
  second: writer.nullable(),
  /** `everyday`, `film-reviews`, or `queue:ID` or `labelled:ID`, whose prompts are asked again. */
  prompts: z.string(),
  count: z.int().min(1).max(10_000),
  /** To each prompt; more than two are to be ranked, where they are compared. One is enough where each is judged by itself. */
  answers: z.int().min(1).max(mostAnswers).default(2),
  /** Whether people compare them, or judge each by itself, whole or by step. */
  question: z.enum(questions).default("compare"),
  temperature: z.number().min(0).max(10),
  longest: z.int().min(1).max(1024),
});
export const fillInput = given.refine((input) => input.answers >= fewestAnswers(input), {
  path: ["answers"],
  error: ({ input }) =>
    (input as z.output<typeof given>).second === null
      ? "One answer cannot be compared; take 2 or more, or judge each by itself."
      : "Model A and model B write one answer each; take 2 or more.",
});
export type FillInput = z.output<typeof fillInput>;

export const fillState = z.object({
  queue: z.string(),
  /** The last thing the process said. */
  said: z.string(),
  running: z.boolean(),
  error: z.string().nullable(),
});
export type FillState = z.infer<typeof fillState>;
