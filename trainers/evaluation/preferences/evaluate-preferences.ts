// How often a reward model, or a policy by its implicit reward, agrees with the preferences of a dataset, by category (as RewardBench has it).

import { Refusal } from "../../../common/command-line";
import { rowRecords } from "../../../common/rows/expand";
import { readRow } from "../../../common/rows/formats";
import { asRanking, type RankedRow, requireText } from "../../../common/rows/rows";
import type { EvaluatedMetric, EvaluatedTask } from "../../../spec/evaluations";
import { deviation, mean } from "../../../spec/statistics";
import { isHeldOut } from "../../data/dataset";
import type { Tokens } from "../../data/tokenize";
import { bestOfCredit, type ScoredAnswers, type TiedAnswers, tiesScore } from "./accuracy";
import type { AnswerScorer } from "./scorers";

export interface Wanted {
  /** What the result is called. */
  name: string;
  /** A file of pairs or rankings. */
  rows: string;
  /** Of rows at most. */
  limit: number | null;
  /** Only prompts that a run with this share holds out; 0: all. */
  heldOut: number;
  /** A column that tells the category of a row; a file without it has one category. */
  category: string;
}

interface Row extends RankedRow {
  category: string | null;
  id: string;
}

const ties = "Ties";

export async function evaluatePreferences(
  scorer: AnswerScorer,
  { name, rows: file, limit, heldOut, category }: Wanted,
  say: (text: string) => void,
): Promise<EvaluatedTask> {
  const { rows, bad } = await readRows(file, category, heldOut, limit ?? Number.POSITIVE_INFINITY);
  const scored: { row: Row; answers: ScoredAnswers }[] = [];
  let longer = 0;
  for (const row of rows) {
    const answers = rendered(row, scorer.row);
    if (answers === null) bad.push(`${row.id}: the chat template refuses it`);
    else if (answers.some(({ input_ids }) => input_ids.length > scorer.longest)) longer++;
    else scored.push({ row, answers: { scores: scorer.score(answers), ranks: row.ranks } });
    if (scored.length % 50 === 0) say(`${scored.length} of ${rows.length} rows`);
  }
  if (bad.length > 0) say(`${bad.length} rows are left out, the first: ${bad[0]}`);
  if (longer > 0) say(`${longer} rows are left out, with answers of more than ${scorer.longest} tokens`);
  if (scored.length === 0)
    throw new Refusal(`${file} has no row that could be scored: ${bad[0] ?? "it is empty, or no prompt is held out"}`);
  return { name, asked: name, version: null, n: scored.length, metrics: metricsOf(scored) };
}

async function readRows(file: string, category: string, heldOut: number, limit: number) {
  const [rows, bad] = [[] as Row[], [] as string[]];
  for await (const record of rowRecords(file)) {
    if (rows.length === limit) break;
    if ("reason" in record) {
      bad.push(`line ${record.line}: ${record.reason}`);
      continue;
    }
    try {
      const read = requireText(readRow(record.value));
      const row = asRanking(read);
      const { [category]: own, id } = read.columns;
      if (new Set(row.ranks).size < 2 || (heldOut > 0 && !isHeldOut(row.prompt, heldOut))) continue;
      rows.push({ ...row, category: typeof own === "string" ? own : null, id: String(id ?? `line ${record.line}`) });
    } catch (error) {
      bad.push(`line ${record.line}: ${(error as Error).message}`);
    }
  }
  return { rows, bad };
}

function rendered({ prompt, completions }: RankedRow, row: AnswerScorer["row"]): Tokens[] | null {
  try {
    return completions.map((answer) => row(prompt, answer));
  } catch {
    return null;
  }
}

/** Over all rows, of each category, and the mean of the categories: RewardBench's score. Rows of "Ties" count by its own measure. */
function metricsOf(scored: { row: Row; answers: ScoredAnswers }[]): EvaluatedMetric[] {
  const tied = scored.flatMap(({ row, answers }) => tiedIn(row, answers));
  const rest = scored.filter(({ row, answers }) => tiedIn(row, answers).length === 0);
  const categories = [...new Set(rest.map(({ row }) => row.category))].filter((one) => one !== null).sort();
  const credits = (of: typeof scored) => of.map(({ answers }) => bestOfCredit(answers));
  const byCategory = categories.map((one) =>
    accuracy(`accuracy, ${one}`, credits(rest.filter(({ row }) => row.category === one))),
  );
  if (tied.length > 0) byCategory.push(share("accuracy, Ties", tiesScore(tied)));
  return [
    ...(rest.length > 0 ? [accuracy("accuracy", credits(rest))] : []),
    ...(byCategory.length > 1
      ? [share("mean accuracy of categories", mean(byCategory.map(({ value }) => value)))]
      : []),
    ...byCategory,
  ];
}

/** RewardBench 2's names: ref:7 and tied:7. */
function tiedIn({ category, id }: Row, answers: ScoredAnswers): TiedAnswers[] {
  const [, kind, question] = /^(ref|tied):(.+)$/.exec(id) ?? [];
  if (category !== ties || kind === undefined) return [];
  return [{ ...answers, kind: kind as TiedAnswers["kind"], question: question! }];
}

const share = (name: string, value: number): EvaluatedMetric => ({
  ...{ name, value, error: null, higherIsBetter: true, rows: null },
});

const accuracy = (name: string, rows: number[]): EvaluatedMetric => ({
  ...{ name, rows, value: mean(rows), error: deviation(rows) / Math.sqrt(rows.length), higherIsBetter: true },
});
