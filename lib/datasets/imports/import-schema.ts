// A file on its way in: how its request names it, and what of it is shown before it is imported.
import { z } from "zod";
import { labelKinds } from "../../../spec/label-kinds";
import { name } from "../../../spec/names";
import { questions } from "../../../spec/queue-options";
import { leftOut } from "../../annotation/queues/left-out";

const textFormats = ["jsonl", "json", "csv", "tsv"] as const;
/** They are read from their end, or are of no use in part. */
export const binaryFormats = ["parquet", "arrow", "feather"] as const;
export const fileFormats = [
  ...textFormats,
  ...textFormats.map((format) => `${format}.gz` as const),
  ...textFormats.map((format) => `${format}.zst` as const),
  ...binaryFormats,
] as const;
export type FileFormat = (typeof fileFormats)[number];

/**
 * What a file may be imported as: rows that train at once; pairs whose labels, if any, nobody is to see; or both, pairs whose labels are kept
 * beside what people will say.
 */
export const importForms = ["labelled", "annotate", "both"] as const;
export type ImportForm = (typeof importForms)[number];

/** What an import's address says beside its columns. */
export const importQuery = z.object({
  name: name("Name the dataset."),
  format: z.enum(fileFormats).default("jsonl"),
  /** Of pairs to annotate. */
  as: z.enum(["annotate", "both"]).default("annotate"),
  question: z.enum(questions).optional(),
  /** Names of the columns that hold a pair, where they are not the usual ones. */
  prompt: z.string().optional(),
  first: z.string().optional(),
  second: z.string().optional(),
});

/** The beginning of a file as an import would read it. */
export const importPreview = leftOut.extend({
  /** Names that its rows have. */
  columns: z.array(z.string()),
  /** Whose layouts they follow. */
  layouts: z.array(z.string()),
  /** What it is read as here: what was asked for, else labelled where it has labels. */
  as: z.enum(importForms),
  /** What annotators are asked of its answers: what was asked for, else to compare them where there are several. */
  question: z.enum(questions),
  /** The kind of its labels; null where it has none. */
  holds: z.enum(labelKinds).nullable(),
  /** The first rows that can be imported, of those `good`. */
  rows: z.array(
    z.object({
      prompt: z.string(),
      answers: z.array(z.object({ text: z.string(), label: z.string().nullable() })),
    }),
  ),
  good: z.number(),
  /** Whether the file goes on after what was looked at. */
  part: z.boolean(),
  /** What else should be known of how the rows are read, such as columns that nothing reads. */
  notes: z.array(z.string()),
});
export type ImportPreview = z.infer<typeof importPreview>;
