// What the data checks of a dataset come to, as its page shows it.
import { z } from "zod";

/** In `means`, {row} stands for what the dataset calls its rows. */
export const rowChecks = {
  repeated: { title: "Duplicates", means: "The same texts as in an earlier {row}, ignoring case and whitespace." },
  alike: {
    title: "Near-duplicates",
    means: "At least 80 % of its five-word shingles are in an earlier {row} too (MinHash).",
  },
  contradicted: {
    title: "Contradictory labels",
    means: "The same texts as in an earlier {row}, with another label. They cancel each other out in training.",
  },
  leaking: {
    title: "Similar prompts (leakage)",
    means:
      "Almost the same prompt as in an earlier {row}, so that a split by prompt may train on one and evaluate on the other.",
  },
  contaminated: {
    title: "Evaluation data (contamination)",
    means:
      "Thirteen consecutive words are in what it was checked against too: a model would be tested on what it has seen.",
  },
  private: {
    title: "Personal data and secrets",
    means: "Email addresses, phone and card numbers, IP addresses, API keys. A model may learn to reproduce them.",
  },
  identical: { title: "Identical answers", means: "There is nothing to prefer." },
  language: {
    title: "Language mismatch",
    means: "An answer is in another language than its prompt or another answer.",
  },
  lopsided: {
    title: "Large length difference",
    means:
      "One answer is at least four times as long as the other. If the longer one always wins, a model learns length.",
  },
  gopherQuality: { title: "Gopher quality", means: "Breaks a rule by which Gopher chose its pages." },
  gopherRepetition: { title: "Gopher repetition", means: "Lines, paragraphs or word sequences come again and again." },
  c4Quality: { title: "C4 quality", means: "Breaks a rule by which C4 chose its pages." },
  fineWebQuality: { title: "FineWeb quality", means: "Breaks a rule by which FineWeb chose its pages." },
  c4BadWords: { title: "Bad words", means: "Holds a word of the list in its language." },
  unreadable: { title: "Unreadable", means: "The {row} cannot be read any more." },
} as const;

const counted = z.object({ check: z.string(), rows: z.number() });
/** Of one version; later ones may have dealt with some of it. */
export const checkReport = z.object({
  version: z.number(),
  rows: z.number(),
  at: z.number(),
  against: z.array(z.string()),
  languages: z.array(z.object({ language: z.string(), rows: z.number() })),
  checks: z.array(counted),
  /** Share of decided pairs whose longer answer was preferred, with Wilson's interval; null where there are none. */
  longerWins: z
    .object({ share: z.number(), low: z.number(), high: z.number(), pairs: z.number() })
    .nullable()
    .default(null),
});
export type CheckReport = z.infer<typeof checkReport>;

/** The newest report with what became of its rows since, and the check that runs now. */
export const checksState = z
  .object({
    report: checkReport.nullable(),
    /** By check how many of its rows are still in the dataset as they were found. */
    open: z.record(z.string(), z.number()),
    running: z.object({ said: z.string(), progress: z.number().nullable() }).nullable(),
    error: z.string().nullable(),
    /** What is being done to many of its rows. */
    changing: z.object({ title: z.string(), said: z.string(), progress: z.number().nullable() }).nullable(),
  })
  .meta({ id: "DataChecks" });
export type ChecksState = z.infer<typeof checksState>;

export const checkInput = z.strictObject({
  /** Datasets as the launch form names them (`labelled:3`, `queue:2`, `sample:film-reviews`), or files. */
  against: z.array(z.string().trim().min(1).max(1000)).max(20),
  /** Whether answers of 50 words and more are held to the rules of web pages. */
  webRules: z.boolean().default(false),
});
export type CheckInput = z.infer<typeof checkInput>;
