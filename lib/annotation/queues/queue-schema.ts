import { z } from "zod";
import type { LabelKind } from "../../../spec/label-kinds";
import { name } from "../../../spec/names";
import { answerModes, strategies } from "../../../spec/queue-options";
import type { ShownRow } from "../../datasets/labelled/row-preview";
import type { Queue } from "../../db/schema";
import type { QueueProgress, TaskDto } from "../judging/judging-schema";
import type { LeftOut } from "./left-out";

const percent = z.int().min(0).max(50, "At most half.");

/** What may be changed of a queue. */
export const queueSettings = z
  .strictObject({
    overlap: z.int().min(1).max(20).nullable(),
    guidelines: z.string().max(20_000, "At most 20,000 letters."),
    mode: z.enum(answerModes),
    aspects: z.array(z.string().trim().min(1).max(40)).max(8, "At most eight aspects."),
    strategy: z.enum(strategies),
    goldPercent: percent,
    mirrorPercent: percent,
    training: z.int().min(0).max(100),
    quota: z.int().min(1).nullable(),
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, "names nothing to change");
export type QueueSettings = z.infer<typeof queueSettings>;

export interface QueueDto extends Omit<Queue, "createdAt"> {
  guidelinesHtml: string;
  /** Pairs with a preferred answer, over all annotators: what a run can train on. */
  decided: number;
  /** Answers that annotators wrote themselves. */
  rewrites: number;
  /** Pairs that still want judgements; null without an overlap. */
  open: number | null;
  /** Pairs whose right verdict is known, and pairs that a reward model has scored. */
  gold: number;
  scored: number;
  progress: QueueProgress;
  /** One's own preferences on scored pairs, and how many the reward model shares. */
  model: { agreed: number; of: number };
}

/** What the ranking screen holds. */
export interface ScreenDto {
  queue: QueueDto;
  tasks: TaskDto[];
}

export const fileFormats = ["jsonl", "jsonl.gz", "json", "json.gz", "csv", "csv.gz", "tsv", "parquet"] as const;
export type FileFormat = (typeof fileFormats)[number];

/** What a file may be imported as: rows that train at once, or pairs whose labels, if any, nobody is to see. */
export const importForms = ["labelled", "annotate"] as const;
export type ImportForm = (typeof importForms)[number];

/** What an import's address says beside its columns. */
export const importQuery = z.object({ name: name("Name the dataset."), format: z.enum(fileFormats).default("jsonl") });

/** The beginning of a file as an import would read it. */
export interface ImportPreview {
  /** Names that its rows have. */
  columns: string[];
  /** Whose layouts they follow. */
  layouts: string[];
  /** What it is read as here: what was asked for, else labelled where it has labels. */
  as: ImportForm;
  /** The kind of its labels; null where it has none. */
  holds: LabelKind | null;
  /** The first rows that can be imported, of those `good`. */
  rows: ShownRow[];
  good: number;
  /** Whether the file goes on after what was looked at. */
  part: boolean;
  /** How many rows cannot be, and the first of them. */
  left: number;
  bad: { line: number; reason: string }[];
  /** What else should be known of how the rows are read, such as columns that nothing reads. */
  notes: string[];
}

export interface ImportReport extends LeftOut {
  queueId: number;
  queue: string;
  /** New pairs; the others were there already. */
  added: number;
  duplicates: number;
  notes: string[];
}
