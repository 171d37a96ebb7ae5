// What each kind of method reads of a row, and the rows of a file. A bad row is reported with its number and reason.

import { z } from "zod";
import type { Text } from "../../spec/chat";
import type { BadLine } from "../records/lines";
import { placeIn } from "../records/records";
import { rowRecords } from "./expand";
import { columnsFound, type ReadRow, readRow } from "./formats";
import { readPrompt } from "./messages";
import { withSystem } from "./questions";
import type { PreferenceRow, RankedRow, StepwiseRow, UnpairedRow } from "./row-content";
import { wholeAnswers } from "./whole-answers";

export type { BadLine, PreferenceRow, RankedRow, Text };

export interface SupervisedRow {
  prompt: Text;
  completion: Text;
}
/** A prompt with answers that are good or bad by themselves. */
export interface JudgedAnswers {
  prompt: Text;
  answers: Pick<UnpairedRow, "completion" | "label">[];
}

const unfit = (row: ReadRow, expected: string) => new Error(`${columnsFound(row.columns)}; ${expected}`);

/** Throws where a row holds images or the like: what is said about them would be learnt without them. */
export function requireText(row: ReadRow): ReadRow {
  if (row.media)
    throw new Error(`holds ${row.media.join(" and ")}, which no model here can read; text alone is expected`);
  return row;
}

/** One pair, or every pair of a ranking that is not tied (Ouyang et al. 2022). */
export function asPairs(row: ReadRow): { prompt: Text; pairs: PreferenceRow[] } {
  if (row.kind === "preference") return { prompt: row.prompt, pairs: [row] };
  if (row.kind !== "ranking")
    throw unfit(
      row,
      'a pair needs "prompt", "chosen" and "rejected", and a ranking "prompt", "completions" and "ranks"',
    );
  const { prompt, completions, ranks } = row;
  const pairs = completions.flatMap((chosen, i) =>
    completions.flatMap((rejected, j) => (ranks[i]! < ranks[j]! ? [{ prompt, chosen, rejected }] : [])),
  );
  if (pairs.length === 0) throw new Error("ranks tie all answers, which gives no pair");
  return { prompt, pairs };
}

/** A ranking of two or more answers; a pair is one of two. */
export function asRanking(row: ReadRow): RankedRow {
  if (row.kind === "ranking") return row;
  if (row.kind !== "preference")
    throw unfit(
      row,
      'a ranking needs "prompt", "completions" and "ranks" or "scores", and a pair "chosen" and "rejected"',
    );
  const { prompt, chosen, rejected } = wholeAnswers(row);
  return { prompt, completions: [chosen, rejected], ranks: [1, 2] };
}

/** A solution as one answer, its steps a line each, as TRL's process reward models read them. */
function solutionOf({ prompt, steps }: StepwiseRow): Text {
  const content = steps.map(({ text }) => text).join("\n");
  return typeof prompt === "string" ? content : [{ role: "assistant", content }];
}

/** A solution whose steps are labelled one by one. */
export function asStepwise(row: ReadRow): StepwiseRow {
  if (row.kind === "stepwise") return row;
  throw unfit(row, 'a solution labelled by step needs "prompt", "completions" (its steps) and "labels"');
}

export const isRight = ({ steps }: StepwiseRow): boolean => steps.every(({ label }) => label);

/**
 * An answer to imitate: to a prompt, of a conversation, plain text that is all of it, the chosen one of a pair, or a solution that is right
 * in every step.
 */
export function asSupervised(row: ReadRow): SupervisedRow {
  if (row.kind === "completion") return row;
  if (row.kind === "text") return { prompt: "", completion: row.text };
  if (row.kind === "preference") return { prompt: row.prompt, completion: wholeAnswers(row).chosen };
  if (row.kind === "stepwise") {
    if (!isRight(row)) throw new Error("is a solution with a wrong step, which is not imitated");
    return { prompt: row.prompt, completion: solutionOf(row) };
  }
  if (row.kind === "prompt" && typeof row.prompt !== "string")
    throw new Error("holds no turn of the role assistant, so there is nothing to learn");
  throw unfit(row, 'expected are "messages", "prompt" and "completion", "text", or a pair');
}

/** Answers that are good or bad. Of a pair, the chosen one is good and the other bad; a solution is good where every step is right. */
export function asUnpaired(row: ReadRow): JudgedAnswers {
  const { kind } = row;
  if (kind === "unpaired") return { prompt: row.prompt, answers: [{ completion: row.completion, label: row.label }] };
  if (kind === "stepwise")
    return { prompt: row.prompt, answers: [{ completion: solutionOf(row), label: isRight(row) }] };
  if (kind !== "preference")
    throw unfit(
      row,
      'expected are "prompt", "completion" and "label" (true or false), "messages" and "label", or a pair',
    );
  const { prompt, chosen, rejected } = wholeAnswers(row);
  const answers = [
    { completion: chosen, label: true },
    { completion: rejected, label: false },
  ];
  return { prompt, answers };
}

/** What is asked, whatever else the row holds. */
export function promptOf(row: ReadRow): Text {
  if (row.kind === "text") throw unfit(row, 'a prompt needs the column "prompt", or "messages"');
  return (row.kind === "completion" && row.unanswered) || row.prompt;
}

/** The row for its prompt alone: what is wrong with its answers is no matter. */
export function readPromptRow(record: unknown): ReadRow {
  try {
    return readRow(record);
  } catch (error) {
    const columns = record as Record<string, unknown> | null;
    if (columns?.prompt === undefined || columns.prompt === null) throw error;
    const row = readRow({ prompt: withSystem(readPrompt(columns.prompt), columns.system), tools: columns.tools });
    return { ...row, columns };
  }
}

/** A reader as a schema: what it throws is what is wrong with the row. */
const schemaOf = <T>(read: (record: unknown) => T): z.ZodType<T> =>
  z.unknown().transform((record, context) => {
    try {
      return read(record);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
      return z.NEVER;
    }
  });

export const anyRow = schemaOf(readRow);
export const pairsRow = schemaOf((record) => asPairs(readRow(record)));
export const listRow = schemaOf((record) => asRanking(readRow(record)));
export const supervisedRow = schemaOf((record) => asSupervised(readRow(record)));
export const unpairedRow = schemaOf((record) => asUnpaired(readRow(record)));
export const promptRow = schemaOf((record) => ({ prompt: promptOf(readPromptRow(record)) }));

/** Parses every record of a file, one at a time and in file order: a value, or what is none by its line and reason. */
export async function* eachRow<T>(
  path: string,
  schema: z.ZodType<T>,
  options?: { partial: boolean },
): AsyncGenerator<{ line: number; value: T } | BadLine> {
  for await (const record of rowRecords(path, options)) {
    if ("reason" in record) yield record;
    else {
      const row = parseRow(record.value, schema);
      yield "reason" in row
        ? { line: record.line, reason: `${placeIn(record)}${row.reason}` }
        : { line: record.line, ...row };
    }
  }
}

/** The same all at once: `good` holds the rows, `bad` the others. */
export async function readRows<T>(path: string, schema: z.ZodType<T>): Promise<{ good: T[]; bad: BadLine[] }> {
  const good: T[] = [];
  const bad: BadLine[] = [];
  for await (const row of eachRow(path, schema)) {
    if ("value" in row) good.push(row.value);
    else bad.push(row);
  }
  return { good, bad };
}

export function parseRow<T>(row: unknown, schema: z.ZodType<T>): { value: T } | { reason: string } {
  const parsed = schema.safeParse(row);
  if (parsed.success) return { value: parsed.data };
  return { reason: parsed.error.issues.map(({ path, message }) => [...path, message].join(" ")).join("; ") };
}
