// What the pages know of labelled datasets.
import { z } from "zod";
import { labelKinds } from "../../../spec/label-kinds";
import { leftOut } from "../../annotation/queues/left-out";

/** What came of importing a file as labelled. */
export const labelledReport = leftOut
  .extend({
    id: z.number(),
    name: z.string(),
    holds: z.enum(labelKinds),
    rows: z.number(),
    /** That methods which compare two answers learn from. */
    pairs: z.number(),
    /** Whether the same rows were there under this name. */
    known: z.boolean(),
    /** What else should be known of the rows, such as columns that nothing reads. */
    notes: z.array(z.string()),
  })
  .meta({ id: "LabelledReport" });
export type LabelledReport = z.infer<typeof labelledReport>;

/** Which rows are asked for: with these words; only excluded or changed ones, or those that a check found; after this one. */
export const rowsAsked = z.object({
  q: z.string().trim().max(200).default(""),
  only: z.string().max(40).default(""),
  after: z.coerce.number().int().min(0).default(0),
});
export type RowsAsked = z.infer<typeof rowsAsked>;

/** Some rows of a labelled dataset, in the order of the file. */
export const rowPage = z.object({
  total: z.number(),
  matching: z.number(),
  /** More match than were counted. */
  more: z.boolean(),
  rows: z.array(
    z.object({
      /** Its line. */
      id: z.number(),
      prompt: z.string(),
      answers: z.array(z.object({ place: z.number(), text: z.string(), label: z.string().nullable() })),
      excluded: z.boolean(),
      /** Whether somebody changed its texts. */
      changed: z.boolean(),
    }),
  ),
  /** The page after this one is asked for by it; null at the end. */
  next: z.number().nullable(),
});
export type RowPage = z.infer<typeof rowPage>;

/** Whether the rows can be listed and searched, or how far the index is. */
export const indexState = z.object({
  ready: z.boolean(),
  /** The job that makes it; null before any. */
  id: z.string().nullable().optional(),
  said: z.string(),
  progress: z.number().nullable(),
  error: z.string().nullable(),
});
export type IndexState = z.infer<typeof indexState>;
