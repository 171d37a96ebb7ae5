// What the page of corpora and the server say to each other.
import { z } from "zod";
import { name } from "../../spec/names";
import { corpusConfig, corpusReport } from "./corpus-schema";

export const newCorpus = z.strictObject({
  name: name("Name the corpus."),
  folder: z.string().trim().min(1, "Name a folder or a file."),
  config: corpusConfig,
});
export type NewCorpus = z.input<typeof newCorpus>;

export const corpusAbout = z.object({
  id: z.string(),
  name: z.string(),
  folder: z.string(),
  config: corpusConfig,
  at: z.number(),
});
export type CorpusAbout = z.infer<typeof corpusAbout>;

export const corpora = z.array(corpusAbout);

export const corpusState = corpusAbout
  .extend({
    /** Null where nothing works on it. */
    work: z.object({ job: z.string(), said: z.string(), progress: z.number().nullable() }).nullable(),
    /** Why the last work on it ended early. */
    error: z.string().nullable(),
    report: corpusReport.nullable(),
  })
  .meta({ id: "Corpus" });
export type CorpusState = z.infer<typeof corpusState>;

/** Documents that no rule is to drop, and the least score of the others; null: none is too low. */
export const changedCorpus = z.strictObject({
  restore: z.array(z.string()).default([]),
  min: z.number().nullable().optional(),
});
export type ChangedCorpus = z.input<typeof changedCorpus>;
export const stagedTexts = z.object({ upload: z.string() });
