// What the page that adds data and the server say to each other: files on their way in, how they are read, and what became of them.
import { z } from "zod";
import { name } from "../../../spec/names";
import { questions } from "../../../spec/queue-options";
import { rowMapping } from "../../../spec/row-mapping";
import { runStatuses } from "../../../spec/run-status";
import { importReport } from "../../annotation/queues/queue-schema";
import { importForms, importPreview } from "../imports/import-schema";
import { labelledReport } from "../labelled/labelled-schema";

/** Beside files that are sent: a file or folder of the server's machine, or a dataset of the Hub. */
export const uploadSource = z.union([
  z.strictObject({ path: z.string().trim().min(1, "Name a file or a folder.") }),
  z.strictObject({
    hub: z.strictObject({
      id: z
        .string()
        .trim()
        .regex(/^[\w.-]+(\/[\w.-]+)?$/, "An id such as owner/name is expected."),
      revision: z.string().trim().min(1).default("main"),
      config: z.string().trim().min(1).nullable().default(null),
      split: z.string().trim().min(1).default("train"),
    }),
  }),
]);
/** Of files that a dataset card divides: which of them are wanted. */
export const splitChoice = z.strictObject({ config: z.string(), split: z.string() });
export type SplitChoice = z.infer<typeof splitChoice>;

export type UploadSource = z.input<typeof uploadSource>;

/** How the files are to be read; null: as they describe themselves, or as the same columns were read before. */
const reading = { mapping: rowMapping.nullable() };

/** What is asked of the answers; null, or where it is left out: as they can be asked. */
const question = z.enum(questions).nullable().optional();

export const previewInput = z.strictObject({ ...reading, as: z.enum(importForms).nullable(), question });

export const uploadImport = z.strictObject({
  ...reading,
  as: z.enum(importForms),
  question,
  name: name("Name the dataset."),
});
export type UploadImport = z.infer<typeof uploadImport>;

const report = z.union([z.object({ labelled: labelledReport }), z.object({ annotate: importReport })]);
export type UploadReport = z.infer<typeof report>;

export const uploadState = z
  .object({
    /** What its dataset is called where nobody says otherwise; null where its first file says it. */
    title: z.string().nullable(),
    /** The first of them. */
    files: z.array(z.object({ name: z.string(), bytes: z.number() })),
    count: z.number(),
    /** The splits that dataset cards among them name, and whose files these are. */
    splits: z.object({ known: z.array(splitChoice), chosen: splitChoice.nullable() }),
    /** Why there are none of what was sent, fetched or named once; null also where nothing is known of it. */
    gone: z.string().nullable(),
    /** The fetching or import that goes on or ended last. */
    work: z
      .object({
        /** By which it is cancelled. */
        job: z.string(),
        status: z.enum(runStatuses),
        said: z.string(),
        progress: z.number().nullable(),
        error: z.string().nullable(),
        report: report.nullable(),
      })
      .nullable(),
  })
  .meta({ id: "Upload" });
export type UploadState = z.infer<typeof uploadState>;

/** The first rows of all files as an import would read them. */
export const uploadPreview = importPreview.omit({ columns: true }).extend({
  /** As the first file has them, with what each is taken for where nobody says otherwise. */
  columns: z.array(z.object({ name: z.string(), takenFor: z.string().nullable() })),
  /** What the files' turns are called; null where they have none. */
  turns: z
    .object({ fields: z.array(z.string()), role: z.string(), content: z.string(), speakers: z.array(z.string()) })
    .nullable(),
  /** By which the rows were read. */
  mapping: rowMapping.nullable(),
});
export type UploadPreview = z.infer<typeof uploadPreview>;
