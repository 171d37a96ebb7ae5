// What a run trains on: one file or dataset, or several, mixed by weight.
import { z } from "zod";
import { plainWords } from "../plain-words";

const weight = z.number().positive().max(100).default(1);
const byName = z.strictObject({ dataset: z.string().min(1), weight });
const byFile = z.strictObject({ file: z.string().min(1), weight });
type Part = string | z.infer<typeof byName> | z.infer<typeof byFile>;

/** Of a union zod says only "Invalid input": what a part should be is told by what it has. */
function shapeOf(given: unknown): z.ZodType<Part> {
  if (typeof given !== "object" || given === null) return z.string().min(1);
  return "file" in given ? byFile : byName;
}

/** A dataset is named as people call it, with `@` and the number of a snapshot where it is not to be as it stands now. */
const part = z
  .unknown()
  .superRefine((given, { addIssue }) => {
    for (const issue of shapeOf(given).safeParse(given, { error: plainWords }).error?.issues ?? [])
      addIssue({ code: "custom", path: issue.path, message: partWords(issue) });
  })
  .transform((given): Part => shapeOf(given).parse(given));

function partWords(issue: z.core.$ZodIssue): string {
  if (issue.code !== "unrecognized_keys") return issue.message;
  return `${issue.keys.join(" and ")} unknown: give dataset or file, one of them, and weight where it is not 1`;
}

export const trainData = z.union([z.string().min(1), z.array(part).min(1).max(50)], {
  error: "must be a file or a dataset, or a list of them",
});
export type TrainData = z.infer<typeof trainData>;

export interface DataSource {
  /** A file, `snapshot:ID`, `labelled:ID`, `labelled:ID@VERSION`, or `dataset:NAME`. */
  source: string;
  /** How often an epoch holds its rows. */
  weight: number;
}

/** All parts alike; none of nothing. */
export const sourcesOf = (train: TrainData | null): DataSource[] =>
  train === null ? [] : typeof train === "string" ? [{ source: train, weight: 1 }] : train.map(sourceOf);

function sourceOf(given: Part): DataSource {
  if (typeof given === "string") return { source: given, weight: 1 };
  if ("file" in given) return { source: given.file, weight: given.weight };
  const { dataset, weight } = given;
  return { source: isStored(dataset) ? dataset : `dataset:${dataset}`, weight };
}

/** Whether it names rows of the workbench's own, which only its database can find. */
export const isStored = (source: string): boolean => /^(snapshot:\d+$|labelled:\d+(@\d+)?$|dataset:)/.test(source);

/** As a run file says it: one part of the usual weight by its name alone. */
export function trainDataOf(sources: DataSource[]): TrainData {
  const [first, ...others] = sources;
  if (first && others.length === 0 && first.weight === 1) return first.source;
  return sources.map(({ source, weight }) =>
    isStored(source) ? { dataset: source, weight } : { file: source, weight },
  );
}
