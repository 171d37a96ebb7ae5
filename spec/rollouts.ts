// Completions as an update learned from them, token by token.
import { z } from "zod";
import { message } from "./chat";

/** What there is of every token: a number each, in the order of the tokens; null where the method has no such thing. */
export const tokenColumns = {
  advantage: {
    label: "Advantage",
    unit: "",
    about: "How much better than expected the token turned out; what the loss weighs it by.",
  },
  reward: {
    label: "Reward",
    unit: "points",
    about: "The score on the last token, the rewards of steps where these end, less the KL penalty where it is part.",
  },
  value: { label: "Value", unit: "points", about: "The reward that the critic expected from here on." },
  return: { label: "Return", unit: "points", about: "What the critic learns to expect: advantage and value together." },
  kl: { label: "KL", unit: "nats", about: "To the reference, by the run's estimator at the sampled token." },
  logProb: { label: "log π", unit: "nats", about: "Of the policy that sampled it." },
  reference: { label: "log π_ref", unit: "nats", about: "Of the reference." },
  ratio: { label: "Ratio", unit: "", about: "π after the update, over π when the token was sampled." },
} as const;
export type TokenColumn = keyof typeof tokenColumns;

const column = z.array(z.number()).nullable();

export const tracedRollout = z.object({
  prompt: z.union([z.string(), z.array(message)]),
  /** After clipping and penalties; null where every part of the reward abstains. */
  score: z.number().nullable(),
  /** Whether it ended by itself. */
  ended: z.boolean(),
  /** Readable texts, special tokens included; the last may be the padding that stands for the end. */
  tokens: z.array(z.string()),
  /** Of an episode: which of the tokens its environment gave. */
  given: z.array(z.boolean()).optional(),
  columns: z.object({
    ...{ advantage: column, reward: column, value: column, return: column },
    ...{ kl: column, logProb: column, reference: column, ratio: column },
  }),
  /** Ratios beyond which the loss no longer moves the token; null where not tokens are clipped but whole answers, or nothing is. */
  clip: z.object({ low: z.number(), high: z.number() }).nullable(),
});
export type TracedRollout = z.infer<typeof tracedRollout>;

/** Whether the clipped term of the loss decides: the update has moved the token as far as it may. */
export const isClipped = (
  ratio: number,
  advantage: number,
  { low, high }: NonNullable<TracedRollout["clip"]>,
): boolean => (advantage > 0 ? ratio > high : advantage < 0 && ratio < low);
