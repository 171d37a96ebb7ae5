// What may be wrong with a queue's pairs, as pages, server and command line speak of it.
import { z } from "zod";

export const dataChecks = {
  repeated: {
    title: "The same pair twice",
    means:
      "Apart from capitals, spaces and order. Whoever judges it twice counts twice, and it may be in training and test at once.",
  },
  alike: {
    title: "Nearly the same as another",
    means: "Four fifths of its five-word pieces or more stand in an earlier pair too (MinHash).",
  },
  contradicted: {
    title: "Judged both ways",
    means: "The same two answers to the same prompt, and the other one is preferred. A model learns nothing from both.",
  },
  identical: { title: "Two answers that are one", means: "There is nothing to prefer." },
  leaking: {
    title: "Prompts nearly the same",
    means: "Not to the letter, so that a split by prompt may train on one and test on the other.",
  },
  private: {
    title: "Personal or secret data",
    means: "Mail addresses, telephone and card numbers, keys. A model may learn to say them.",
  },
  language: { title: "An answer in another language", means: "Than its prompt, or than the other answer." },
  length: {
    title: "One answer several times as long",
    means: "Four times or more. Where the long one always wins, a model learns length.",
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
