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

export interface Finding {
  check: DataCheck;
  itemId: number;
  /** The pair that it resembles, repeats or contradicts. */
  other: number | null;
  /** What exactly, in few words. */
  detail: string;
}

/** A finding as its page shows it. */
export interface FindingDto extends Finding {
  prompt: string;
  answers: [string, string];
  excluded: boolean;
}

export interface DataCheckReport {
  pairs: number;
  excluded: number;
  findings: FindingDto[];
  /** Share of decided pairs whose longer answer was preferred, with Wilson's interval; null before any. */
  longerWins: { share: number; low: number; high: number; pairs: number } | null;
}

export const exclusionInput = z.strictObject({
  itemIds: z.array(z.int()).min(1).max(100_000),
  excluded: z.boolean(),
  reason: z.string().trim().min(1).max(200),
});
