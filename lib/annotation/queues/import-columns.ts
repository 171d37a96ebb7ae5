// Which rows an import reads, and under which names.

import { z } from "zod";
import { isRecord } from "../../../common/json";
import { columnsFound, type ReadRow, readRow } from "../../../common/rows/formats";
import { asTurns, contentText } from "../../../common/rows/messages";
import type { AnswersRow } from "../../../common/rows/row-content";
import { asPairs, asUnpaired } from "../../../common/rows/rows";
import { wholeAnswers } from "../../../common/rows/whole-answers";
import { textOfSteps } from "../../../common/steps";
import type { Text } from "../../../spec/chat";
import type { Question } from "../../../spec/queue-options";
import { strengthIn } from "../items/given-labels";
import { mostAnswers, type SampleRow, sampleRow } from "../items/items";

/** Names of the columns that hold a pair, where they are not the usual ones. */
export const columnsInput = z.strictObject({
  prompt: z.string().min(1),
  first: z.string().min(1),
  second: z.string().min(1),
});
export type Columns = z.infer<typeof columnsInput>;

type ColumnsAsked = { [name in keyof Columns]?: string | undefined };

/** From a request's search, where it names any. */
export const columnsOf = ({ prompt, first, second }: ColumnsAsked): Columns | null =>
  prompt || first || second ? columnsInput.parse({ prompt, first, second }) : null;

export type ImportedRow = Omit<SampleRow, "source"> & {
  source?: string | undefined;
  /** Its label in the file, as `GivenRow` has it. */
  strength?: number;
  wrongStep?: number;
};

/** A row of an import as it was read, and the records to annotate that it contains. */
export function readImported(
  record: unknown,
  columns: Columns | null,
  question: Question = "compare",
): { row: ReadRow; items: ImportedRow[] } {
  const row = readRow(columns === null ? record : renamed(record, columns));
  if (row.template) row.remarks.push("tools and template variables are not kept for annotation");
  return { row, items: itemsFor[question](row) };
}

const itemsFor: Record<Question, (row: ReadRow) => ImportedRow[]> = {
  compare: itemsOf,
  single: singlesOf,
  steps: solutionsOf,
};

/** Unlabelled answers, or the pairs of a labelled row without the labels. */
function itemsOf(row: ReadRow): ImportedRow[] {
  if (row.kind === "answers") return [unranked(row)];
  if (row.kind !== "preference" && row.kind !== "ranking")
    throw new Error(
      `${columnsFound(row.columns)}; a record to annotate needs "prompt" and "answers", or "chosen" and "rejected"`,
    );
  return asPairs(row)
    .pairs.map(wholeAnswers)
    .map(({ prompt, chosen, rejected }) => ({
      prompt: asTurns(prompt, "user"),
      answers: [answerText(chosen), answerText(rejected)],
      strength: strengthIn(row.columns),
    }));
}

/** Every answer by itself; the chosen one of a pair is good and the other bad, as KTO takes them. */
function singlesOf(row: ReadRow): ImportedRow[] {
  if (row.kind === "answers") return unjudged(row);
  const single = (prompt: Text, answer: Text, strength?: 1 | -1): ImportedRow => ({
    prompt: asTurns(prompt, "user"),
    answers: [answerText(answer)],
    ...(strength !== undefined && { strength }),
  });
  if (row.kind === "completion") return [single(row.prompt, row.completion)];
  if (row.kind === "ranking") return row.completions.map((answer) => single(row.prompt, answer));
  if (row.kind !== "unpaired" && row.kind !== "preference")
    throw new Error(`${columnsFound(row.columns)}; a record to annotate needs "prompt" and "completion", or "answers"`);
  const { prompt, answers } = asUnpaired(row);
  return answers.map(({ completion, label }) => single(prompt, completion, label ? 1 : -1));
}

/** Of solutions whose steps are labelled all up to the first wrong step: what follows from that is not judged. Of others each answer, unlabelled. */
function solutionsOf(row: ReadRow): ImportedRow[] {
  if (row.kind !== "stepwise")
    return singlesOf(row).map(({ strength: _, gold, ...record }) => {
      if (gold) throw new Error("gold says good or bad, which is not asked of steps");
      return record;
    });
  const answer = textOfSteps(row.steps.map(({ text }) => text));
  if (answer === null) throw new Error("its steps cannot be told apart in one text: some are numbered, or have blocks");
  const wrongStep = row.steps.findIndex(({ label }) => !label) + 1;
  return [{ prompt: asTurns(row.prompt, "user"), answers: [answer], strength: wrongStep === 0 ? 1 : -1, wrongStep }];
}

const facts = z.object({
  source: z.string().optional(),
  writers: sampleRow.shape.writers,
  gold: sampleRow.shape.gold,
});

function unranked({ prompt, answers, ...rest }: AnswersRow): ImportedRow {
  const { success, data, error } = facts.safeParse(rest);
  if (!success) throw new Error(error.issues.map(({ path, message }) => [...path, message].join(" ")).join("; "));
  if (answers.length < 2 || answers.length > mostAnswers)
    throw new Error(`answers has ${answers.length} entries; 2 to ${mostAnswers} can be compared`);
  if (new Set(answers).size < answers.length) throw new Error("two answers are identical");
  if (data.writers && data.writers.length !== answers.length) throw new Error("writers must have one entry per answer");
  if (data.gold && answers.length !== 2) throw new Error("gold needs exactly two answers");
  return { prompt: asTurns(prompt, "user"), answers, ...data };
}

const singleGold = z.object({ verdict: z.enum(["good", "bad"]), because: z.string().default("") }).optional();

function unjudged({ prompt, answers, ...rest }: AnswersRow): ImportedRow[] {
  const { success, data, error } = facts.extend({ gold: singleGold }).safeParse(rest);
  if (!success) throw new Error(error.issues.map(({ path, message }) => [...path, message].join(" ")).join("; "));
  const { source, writers, gold } = data;
  if (writers && writers.length !== answers.length) throw new Error("writers must have one entry per answer");
  if (gold && answers.length !== 1) throw new Error("gold needs exactly one answer, or two that are compared");
  return answers.map((answer, i) => ({
    prompt: asTurns(prompt, "user"),
    answers: [answer],
    source,
    ...(writers && { writers: [writers[i]!] }),
    ...(gold && { gold: { ...gold, verdict: gold.verdict === "good" ? ("first" as const) : ("second" as const) } }),
  }));
}

function answerText(answer: Text): string {
  const text = typeof answer === "string" ? answer : contentText(answer[0]!.content);
  if (text.trim() === "") throw new Error("an answer calls a tool and has no text, so there is nothing to judge");
  return text;
}

function renamed(record: unknown, { prompt, first, second }: Columns): unknown {
  if (!isRecord(record)) return record;
  const lacking = [prompt, first, second].filter((name) => !Object.hasOwn(record, name) || record[name] === null);
  if (lacking.length > 0)
    throw new Error(`${columnsFound(record)}; ${lacking.join(" and ")} ${lacking.length === 1 ? "is" : "are"} empty`);
  return { prompt: record[prompt], answers: [record[first], record[second]] };
}
