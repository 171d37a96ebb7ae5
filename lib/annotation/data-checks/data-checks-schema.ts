// The data checks: what may be wrong with a dataset's records.
import { z } from "zod";

export const dataChecks = {
  repeated: {
    title: "Duplicates",
    means:
      "The same prompt and answers, ignoring case, whitespace and order. Duplicates count twice and may be in the training and the test split at once.",
  },
  alike: {
    title: "Near-duplicates",
    means: "At least 80 % of its five-word shingles are in an earlier record too (MinHash).",
  },
  contradicted: {
    title: "Contradictory labels",
    means:
      "The same two answers to the same prompt, with opposite preferences. They cancel each other out in training.",
  },
  identical: { title: "Identical answers", means: "There is nothing to prefer." },
  leaking: {
    title: "Similar prompts (leakage)",
    means: "Almost the same prompt, so that a split by prompt may train on one and test on the other.",
  },
  private: {
    title: "Personal data and secrets",
    means: "Email addresses, phone and card numbers, API keys. A model may learn to reproduce them.",
  },
  language: {
    title: "Language mismatch",
    means: "An answer is in another language than its prompt or the other answer.",
  },
  length: {
    title: "Large length difference",
    means:
      "One answer is at least four times as long as the other. If the longer one always wins, a model learns length.",
  },
} as const;
export type DataCheck = keyof typeof dataChecks;

const finding = z.object({
  check: z.enum(Object.keys(dataChecks) as [DataCheck, ...DataCheck[]]),
  itemId: z.number(),
  /** The pair that it resembles, repeats or contradicts. */
  other: z.number().nullable(),
  /** What exactly, in few words. */
  detail: z.string(),
});
export type Finding = z.infer<typeof finding>;

/** A finding as its page shows it. */
const findingDto = finding.extend({
  prompt: z.string(),
  /** Two, or one that is judged by itself. */
  answers: z.array(z.string()),
  excluded: z.boolean(),
});
export type FindingDto = z.infer<typeof findingDto>;

export const dataCheckReport = z.object({
  pairs: z.number(),
  excluded: z.number(),
  findings: z.array(findingDto),
  /** Share of decided pairs whose longer answer was preferred, with Wilson's interval; null before any. */
  longerWins: z.object({ share: z.number(), low: z.number(), high: z.number(), pairs: z.number() }).nullable(),
});
export type DataCheckReport = z.infer<typeof dataCheckReport>;

export const exclusionInput = z.strictObject({
  itemIds: z.array(z.int()).min(1).max(100_000),
  excluded: z.boolean(),
  reason: z.string().trim().min(1).max(200),
});

/** The records whose state an exclusion changed. */
export const excluded = z.object({ changed: z.array(z.number()) });
