// A run's rows: read, tokenised, split by prompt.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { BadLine } from "../../common/records/lines";
import { placeIn } from "../../common/records/records";
import { rowRecords } from "../../common/rows/expand";
import { type ReadRow, readRow } from "../../common/rows/formats";
import { type DatasetKind, kindOfRow } from "../../common/rows/recognise";
import { collectRemarks } from "../../common/rows/remarks";
import { requireText } from "../../common/rows/rows";
import type { Text } from "../../spec/chat";
import type { RunConfig } from "../../spec/config";
import { FieldError } from "../../spec/field-error";
import { type DataSource, isStored, sourcesOf } from "../../spec/fields/data-sources";
import { unsuitedWords } from "../../spec/methods/unsuited";
import type { ChatTokenizer } from "../models/tokenizer";
import type { Rows } from "./epochs";
import { promptIds, type Rendering, type Tokens, tokenizePrompt } from "./tokenize";

/** What a reward reads of a prompt's row, where it asks for it. */
export interface ForReward {
  /** The row's right answer, where a rule compares with it. */
  truth?: string;
  /** The row's other columns, where a function reads them: the same names in every row. */
  columns?: Record<string, unknown>;
}

/** The same of what holds more. */
export const forReward = ({ truth, columns }: ForReward): ForReward => ({
  ...(truth !== undefined && { truth }),
  ...(columns && { columns }),
});

export interface Example<Row> extends ForReward {
  tokens: Row;
  /** Null for rows that arrived as ids. */
  prompt: Text | null;
  promptIds: number[];
  /** The set that it comes from, where sets have different weights. */
  set?: DataSource;
}

export interface Dataset<Row> {
  /** Each once, whatever the weight of its set. */
  train: Example<Row>[];
  heldOut: Example<Row>[];
  /** Sentences for the log: lines that were no rows, rows that did not fit. */
  notes: string[];
}

/** A dataset as a method is trained on it. */
export interface TrainingData<Row> extends Omit<Dataset<Row>, "train"> {
  train: Rows<Example<Row>>;
}

/** Rows that arrive as ids: all are trained on, in their order. */
export function givenRows<Row>(rows: Row[], one: (row: Row) => Tokens): Dataset<Row> {
  const train = rows.map((row) => ({
    tokens: row,
    prompt: null,
    promptIds: promptIds(one(row)),
  }));
  return { train, heldOut: [], notes: [] };
}

/** An evaluation should cost a few steps, whatever the size of the data. A held-out file of one's own is used whole. */
const heldOutRows = 256;

/** The path of a file that has to be there. What names a dataset is looked up before a trainer starts. */
export function dataPath(field: "train" | "eval", source: string): string {
  if (isStored(source))
    throw new FieldError(`data.${field}`, `${source} is a dataset of the workbench: npm run workbench finds it`);
  if (!existsSync(source)) throw new FieldError(`data.${field}`, `there is no data file at ${resolve(source)}`);
  return source;
}

/** What a method makes of a row: any number of rows of its own, none where it does not fit. */
export type Make<Row> = (
  row: ReadRow,
  rendering: Rendering,
) => { prompt: Text; rows: Row[]; undecided?: boolean } & ForReward;

/** How a method reads rows beside what it makes of them. */
interface Reading {
  read?: (record: unknown) => ReadRow;
  /** Columns that it looks for, by the fields of the config that name them; null where the config does not say so itself. */
  columns?: { field: string | null; column: string }[];
  /** What decides rows instead of their labels: those that `make` calls undecided are left out, and counted. */
  decider?: string | null;
}

/** The rows of a run's files. One that cannot be read, rendered or tokenised is named by its line and left out. */
export async function readDataset<Row>(
  { data, evalEvery, method }: RunConfig,
  tokenizer: ChatTokenizer,
  make: Make<Row>,
  { read = readRow, columns = [], decider = null }: Reading = {},
): Promise<Dataset<Row>> {
  const notes: string[] = [];
  const { splitColumn } = data;
  const sought = [...columns, ...(splitColumn === null ? [] : [{ field: "data.splitColumn", column: splitColumn }])];
  const load = async (field: "train" | "eval", set: DataSource) => {
    const { source } = set;
    const limit = field === "train" ? (data.maxRows ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
    const path = dataPath(field, source);
    const [bad, told] = [[] as BadLine[], collectRemarks()];
    const [met, all, kinds] = [new Set<string>(), new Set<string>(), new Set<DatasetKind>()];
    const examples: (Example<Row> & { heldOut: boolean })[] = [];
    let [good, left, undecided] = [0, 0, 0];
    for await (const record of rowRecords(path)) {
      if (good + bad.length === limit) break;
      if ("reason" in record) {
        bad.push(record);
        continue;
      }
      const { line } = record;
      try {
        const row = requireText(read(record.value));
        kinds.add(kindOfRow(row));
        for (const name of Object.keys(row.columns)) all.add(name);
        for (const { column } of sought) if (Object.hasOwn(row.columns, column)) met.add(column);
        const rendering: Rendering = { template: row.template, tell: (remark) => told.add(line, remark) };
        const { prompt, rows, undecided: isUndecided = false, ...more } = make(row, rendering);
        const ids = tokenizePrompt(tokenizer, prompt, { template: row.template });
        const heldOut =
          splitColumn === null
            ? isHeldOut(prompt || (row.kind === "text" ? row.text : prompt), data.heldOut) // a text without a prompt is told apart by itself
            : isOfTest(row.columns[splitColumn], splitColumn);
        const kept = { ...(weighed && { set }), ...forReward(more) };
        examples.push(...rows.map((tokens) => ({ tokens, prompt, promptIds: ids, heldOut, ...kept })));
        told.row(
          line,
          row,
          sought.map(({ column }) => column),
        );
        good++;
        if (isUndecided) undecided++;
        else if (rows.length === 0) left++;
      } catch (error) {
        if (error instanceof FieldError) throw error;
        bad.push({ line, reason: `${placeIn(record)}${error instanceof Error ? error.message : String(error)}` });
      }
    }
    for (const { line, reason } of bad.slice(0, 5)) notes.push(`${path}:${line}: ${reason}`);
    if (bad.length) notes.push(`${path}: ${bad.length} of ${bad.length + good} rows left out`);
    if (left > 0) notes.push(`${path}: ${left} rows left out, they do not fit into ${data.maxLength} tokens`);
    if (decider !== null)
      notes.push(
        `${path}: ${decider} decides ${good - undecided} of ${good} pairs${undecided > 0 ? "; the answers of the others are rated alike, or not both rated" : ""}`,
      );
    notes.push(...told.sentences().map((sentence) => `${path}: ${sentence}`));
    const unread = good === 0 && kinds.size === 1 ? unreadKind([...kinds][0]!) : null;
    if (unread !== null) notes.push(unread);
    const missing = sought.find(({ field: by, column }) => field === "train" && by !== null && !met.has(column));
    const isEmpty = left + undecided === good;
    if (isEmpty && !(missing && (undecided > 0 || missing.column === splitColumn)))
      throw nothing(field, source, left > 0 ? "maxLength" : field, notes);
    if (missing)
      throw new FieldError(
        missing.field!,
        `no row of ${source} has a column ${missing.column}; columns found: ${[...all].slice(0, 20).join(", ")}`,
      );
    return examples;
  };
  /** What would fit, where all rows are of a kind that the method does not learn from. */
  const unreadKind = (kind: DatasetKind) => (kind === "answers" ? null : unsuitedWords(method, "the file", kind));
  const sources = sourcesOf(data.train);
  const weighed = sources.some(({ weight }) => weight !== 1);
  const all: Awaited<ReturnType<typeof load>> = [];
  for (const source of sources) for (const row of await load("train", source)) all.push(row);
  const heldOutFile = data.eval ? await load("eval", { source: data.eval, weight: 1 }) : null;
  const train = all.filter((row) => !row.heldOut);
  const heldOut =
    heldOutFile ?? all.filter((row) => row.heldOut).slice(0, splitColumn === null ? heldOutRows : all.length);
  if (train.length === 0)
    throw nothing(
      "train",
      sources.map(({ source }) => source).join(" and "),
      splitColumn !== null ? "splitColumn" : data.heldOut > 0 ? "heldOut" : "train",
      notes,
    );
  if (data.heldOut > 0 && heldOut.length === 0)
    notes.push(
      `none of ${all.length} rows falls into a held-out share of ${data.heldOut}, so nothing is evaluated: a larger share, or a file as data.eval, gives some`,
    );
  if (evalEvery !== null && data.heldOut === 0 && heldOut.length === 0 && heldOutFile === null)
    notes.push(
      "nothing is evaluated, as no row is held out: data.heldOut gives a share of the prompts (0.1 is usual), data.eval a file",
    );
  return { train, heldOut, notes };
}

const testNames = ["test", "validation", "valid", "val", "dev", "eval"];

/** By what the row's own column says. */
function isOfTest(value: unknown, column: string): boolean {
  const named = String(value ?? "").toLowerCase();
  if (named === "train" || testNames.includes(named)) return named !== "train";
  throw new Error(
    `${column} is ${JSON.stringify(value ?? null)}, and should be train or one of ${testNames.join(", ")}`,
  );
}

function nothing(
  field: "train" | "eval",
  source: string,
  blamed: "train" | "eval" | "maxLength" | "heldOut" | "splitColumn",
  notes: string[],
): FieldError {
  const what = field === "train" ? "train on" : "evaluate on";
  return new FieldError(
    `data.${blamed}`,
    `${source} holds no row to ${what}${notes.length ? `: ${notes.join("; ")}` : ""}`,
  );
}

/**
 * A share of the prompts, chosen by their hash: every row of a prompt falls on the same side, in every run, and a larger share holds all of
 * a smaller one. Its last decimal digit comes first, so that a tenth is the tenth of runs before the share could be chosen.
 */
export function isHeldOut(prompt: Text, share: number): boolean {
  const hash = createHash("sha256").update(JSON.stringify(prompt)).digest().readUInt32LE(0);
  return ((hash % 10) + Math.floor(hash / 10) / (2 ** 32 / 10)) / 10 < share;
}
