// People, or a model over an endpoint, as judges: a trainer writes a request into the run's folder and waits for the answer beside it.
import { z } from "zod";

import { message } from "./chat";

export const judgementRequest = z.object({
  /** The queue that the pairs go into; "new" is one of the run's own. */
  queue: z.union([z.int(), z.literal("new")]),
  /** The name of an endpoint that judges them there, beside the people; null where people alone do. */
  endpoint: z.string().nullable().default(null),
  pairs: z.array(z.object({ prompt: z.array(message), answers: z.tuple([z.string(), z.string()]) })),
});
export type JudgementRequest = z.infer<typeof judgementRequest>;
export type AskedPair = JudgementRequest["pairs"][number];

/** What people think of two answers: first over second, the other way round, or neither; null while nobody has looked. */
const opinion = z.enum(["first", "second", "tie"]).nullable();
export type Opinion = z.infer<typeof opinion>;

/** Written anew, whole, whenever an opinion comes in. The request is answered once each pair has one. */
export const judgementAnswer = z.union([
  /** The queue's name, and what people think of each pair so far. */
  z.object({ queue: z.string(), opinions: z.array(opinion) }),
  /** Why nobody will judge them. */
  z.object({ problem: z.string() }),
]);
export type JudgementAnswer = z.infer<typeof judgementAnswer>;

/** Completions that an endpoint is to grade: asked in the same way, and all answered at once. */
export const gradingRequest = z.object({
  /** The answer bears it too. */
  id: z.string(),
  /** By its name. */
  endpoint: z.string(),
  rubric: z.string(),
  completions: z.array(z.object({ prompt: z.array(message), answer: z.string() })),
});
export type GradingRequest = z.infer<typeof gradingRequest>;
export type Graded = GradingRequest["completions"][number];

export const gradingAnswer = z.union([
  /** 0 to 10 of each; null where what the endpoint said could not be read. */
  z.object({ id: z.string(), points: z.array(z.number().nullable()) }),
  z.object({ id: z.string(), problem: z.string() }),
]);
export type GradingAnswer = z.infer<typeof gradingAnswer>;

export const gradingFiles = { request: "grading.request.json", answer: "grading.answer.json" } as const;

/** The two files of a round, which counts from 1. */
export const judgementFiles = (round: number) => ({
  request: `judgements-${round}.request.json`,
  answer: `judgements-${round}.answer.json`,
});
