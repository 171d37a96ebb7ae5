// What a trainer reports while it runs: one JSON object a line of `events-<attempt>.ndjson` in the run's folder. Any program that writes
// these lines is an engine. The runner reads them into the databases.
import { z } from "zod";
import { type RuleName, rules } from "./alerts";
import { checkNames } from "./checks";
import { type DistributionName, distributions } from "./histograms";
import { currentMetricNames } from "./metrics/former-names";

export const eventsFile = (attempt: number): string => `events-${attempt}.ndjson`;
export const attemptFile = (attempt: number): string => `attempt-${attempt}.json`;
/** Asks the trainer to save and end, as SIGTERM does. */
export const stopFile = "stop";

/** JSON has no NaN and no Infinity: those are strings. */
const number = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"]).transform(Number)]);
const count = z.int().min(0);
const step = count;

import { message } from "./chat";
import { tracedRollout } from "./rollouts";

const sample = z.object({
  prompt: z.union([z.string(), z.array(message)]),
  answer: z.string(),
  tokens: count,
  kl: z.number(),
  reward: number.nullable(),
  gold: number.nullable(),
});

/** `at`: milliseconds since 1970; without it the time of reading counts. */
const event = <Name extends string, Fields extends z.ZodRawShape>(name: Name, fields: Fields) =>
  z.object({ event: z.literal(name), at: z.number().optional(), ...fields });

export const metricsEvent = event("metrics", {
  step,
  values: z.record(z.string(), number).transform(currentMetricNames),
});

export const trainerEvent = z.discriminatedUnion("event", [
  /** Training begins after `step`: what earlier attempts reported of later steps no longer counts. */
  event("started", { step, totalSteps: count, trainRows: count, heldOutRows: count, parameters: count }),
  metricsEvent,
  /** Completions of the fixed prompts. */
  event("samples", { step, samples: z.array(sample) }),
  event("distribution", {
    step,
    name: z.enum(Object.keys(distributions) as [DistributionName]),
    low: z.number(),
    high: z.number(),
    counts: z.array(count),
  }),
  /** A few completions that the step learned from, token by token. */
  event("rollouts", { step, rollouts: z.array(tracedRollout) }),
  event("alert", { step, rule: z.enum(Object.keys(rules) as [RuleName]), measured: z.string() }),
  event("check", { name: z.enum(checkNames), detail: z.string() }),
  /** Published: complete and synced, under a name that it keeps. The hash is the SHA-256 of its manifest.json. */
  event("checkpoint", { step, folder: z.string(), manifestHash: z.string() }),
  /** Nothing happens until people have judged the pairs in `request`, a file of the run's folder; their opinions go into `answer`. */
  event("waiting", { round: z.int().min(1), request: z.string(), answer: z.string() }),
  event("note", { text: z.string() }),
  /** The end. `stopped`: before the last step, on request, and saved. */
  event("finished", { stopped: z.boolean() }),
  /** The end by an error: a sentence for the run's page, the stack for its log. */
  event("failed", { message: z.string(), stack: z.string() }),
]);
export type TrainerEvent = z.infer<typeof trainerEvent>;
/** Of one kind. */
export type EventOf<Kind extends TrainerEvent["event"] = TrainerEvent["event"]> = Extract<
  TrainerEvent,
  { event: Kind }
>;

/** What the runner tells an engine of its attempt, in `attempt-<attempt>.json`. */
export const attemptInput = z.strictObject({
  /** Checkpoints that earlier attempts published, newest first: the first whole one is the one to go on from. */
  checkpoints: z.array(z.strictObject({ step, folder: z.string(), manifestHash: z.string() })),
  /** Go on from a checkpoint although the data or weights are not those that it was trained on. */
  allowChanged: z.boolean(),
  /** A file in the run's folder with the metrics of earlier attempts, an object a line; null where there are none. */
  history: z.string().nullable(),
});
export type AttemptInput = z.infer<typeof attemptInput>;

/** As one line of JSON. */
export const jsonLine = (value: object): string =>
  `${JSON.stringify(value, (_, one) => (typeof one === "number" && !Number.isFinite(one) ? String(one) : one))}\n`;

/** Begins the sentence of a trainer that does not go on, as what the run reads has changed: the run's page then offers to go on all the same. */
export const changedInputs = "This run cannot go on as it began";
