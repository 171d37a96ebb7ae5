// What is to become of documents on their way to training data; the page's form and config files hold the same.
import { z } from "zod";

export const pageRules = ["gopherQuality", "gopherRepetition", "c4Quality", "fineWebQuality", "c4BadWords"] as const;
export type PageRule = (typeof pageRules)[number];

/** What a reward model says of documents; those with a lower score than `min` are dropped. */
export const quality = z.strictObject({
  /** A reward run's folder, or a reward model that is a model of its own: a folder or one of the Hub's. */
  model: z.string().trim().min(1, "Name a reward model."),
  /** What a run's adapter stands on; null: what its files name. */
  base: z.string().trim().min(1).nullable().default(null),
  /** A question that every document is read as the answer to; null: it is plain text. */
  prompt: z.string().trim().min(1).nullable().default(null),
  /** Null: documents get their scores, and none is dropped. */
  min: z.number().nullable().default(null),
});
export type Quality = z.infer<typeof quality>;

const words = z.array(z.string()).default([]);
export const corpusConfig = z.strictObject({
  /** Addresses that are left out; of documents that have one. */
  urls: z.strictObject({ domains: words, urls: words, words, softWords: words, subwords: words }).prefault({}),
  /** ISO 639-1; where none is named, every language is taken. */
  languages: z.array(z.string().regex(/^[a-z]{2}$/, "is no language: two small letters, as en")).default([]),
  rules: z.array(z.enum(pageRules)).default([...pageRules]),
  mask: z.boolean().default(true),
  /** Files and datasets to test a model with. */
  against: words,
  duplicates: z.strictObject({ exact: z.boolean().default(true), near: z.boolean().default(true) }).prefault({}),
  quality: quality.nullable().default(null),
  gzip: z.boolean().default(false),
  /** Documents that no rule drops, by their ids. */
  keep: words,
});
export type CorpusConfig = z.infer<typeof corpusConfig>;

/** In the order in which documents go through them. */
export const steps = [
  "reading",
  "urls",
  "extraction",
  "languages",
  "rules",
  "contamination",
  "exact",
  "near",
  "quality",
] as const;
export type Step = (typeof steps)[number];

export interface Drop {
  step: Step;
  rule: string;
  /** The number, the piece or the other document by which the rule found it; empty where there is none. */
  detail: string;
}

/** One line of a step's dropped documents. */
export const droppedRow = z.object({
  id: z.string(),
  url: z.string().nullable(),
  rule: z.string(),
  detail: z.string(),
  /** As far as it had come; null where it had not been read. */
  text: z.string().nullable(),
});
export type DroppedRow = z.infer<typeof droppedRow>;

const sample = z.object({ id: z.string(), rule: z.string(), detail: z.string(), text: z.string() });
const amount = z.object({ documents: z.number(), characters: z.number(), words: z.number() });
export type Amount = z.infer<typeof amount>;

export const corpusReport = z.object({
  /** Documents that were found, and of them what could be read. */
  found: amount,
  steps: z.array(
    z.object({
      step: z.enum(steps),
      dropped: amount,
      rules: z.record(z.string(), z.number()),
      samples: z.array(sample),
      /** Kept although the rules would have dropped them. */
      restored: z.number(),
    }),
  ),
  masked: z.object({ documents: z.number(), kinds: z.record(z.string(), z.number()) }),
  languages: z.record(z.string(), z.number()),
  /** Of the documents that the reward model read: how many, and the eleven scores that part them into tenths, the least and the greatest among them. */
  scores: z
    .object({ documents: z.number(), tenths: z.array(z.number()) })
    .nullable()
    .default(null),
  kept: amount,
  samples: z.array(sample),
  files: z.number(),
});
export type CorpusReport = z.infer<typeof corpusReport>;
