// The first rows of a file as a model learns from them, to be looked at while its chat template is written: by what training reads rows with.
import { placeIn } from "../../common/records/records";
import { rowRecords } from "../../common/rows/expand";
import { type ReadRow, readRow } from "../../common/rows/formats";
import { asRanking, asSupervised, asUnpaired, promptOf, requireText } from "../../common/rows/rows";
import type { RenderedRow, RenderedRows, TemplateProblem } from "../../spec/reports";
import { templateProblem } from "../models/jinja/problem";
import { readModel } from "../models/load";
import { rendersWith, requireLearnable } from "../models/set-template";
import type { ChatTokenizer } from "../models/tokenizer";
import {
  type Rendering,
  type Tokens,
  tokenizeList,
  tokenizePair,
  tokenizePrompt,
  tokenizeSupervised,
} from "./tokenize";

/** Tokens of a sequence that are shown. */
const mostShown = 2000;

/** With the model's own template where `template` is null. Throws where there is no such model. */
export async function renderedRows(
  source: string,
  template: string | null,
  path: string,
  count: number,
): Promise<RenderedRows> {
  const files = await readModel(source);
  const unread = template === null ? null : templateProblem(template);
  if (unread !== null) return { problem: unread, rows: [] };
  const { tokenizer } = template === null ? files : rendersWith(files, template);
  const problem = template === null ? null : unlearnable(tokenizer);
  return { problem, rows: await rowsOf(path, count, tokenizer) };
}

function unlearnable(tokenizer: ChatTokenizer): TemplateProblem | null {
  try {
    requireLearnable(tokenizer);
    return null;
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error), line: null };
  }
}

async function rowsOf(path: string, count: number, tokenizer: ChatTokenizer): Promise<RenderedRow[]> {
  const rows: RenderedRow[] = [];
  for await (const record of rowRecords(path)) {
    if (rows.length === count) break;
    const { line } = record;
    const told: string[] = [];
    const refused = (reason: string) =>
      rows.push({ line, problem: `${placeIn(record)}${reason}`, sequences: [], told: [] });
    if ("reason" in record) {
      refused(record.reason);
      continue;
    }
    try {
      const row = requireText(readRow(record.value));
      const tell = (remark: string) => void (told.includes(remark) || told.push(remark));
      const sequences = sequencesOf(row, tokenizer, { template: row.template, tell });
      rows.push({ line, problem: null, sequences: sequences.map(shown), told });
    } catch (error) {
      refused(error instanceof Error ? error.message : String(error));
    }
  }
  return rows;

  function shown({ answer, tokens: { input_ids, completion_mask } }: Sequence): RenderedRow["sequences"][number] {
    const tokens = input_ids.slice(0, mostShown).map((id, t) => ({
      text: tokenizer.show(id),
      scored: completion_mask[t] === 1,
      special: tokenizer.decode([id]) === "", // which leaves special tokens out
    }));
    return { answer, length: input_ids.length, scored: completion_mask.filter((one) => one === 1).length, tokens };
  }
}

interface Sequence {
  answer: string;
  tokens: Tokens;
}

const uncut = Number.POSITIVE_INFINITY;

/** Of a row of any kind, each answer after its prompt. */
export function sequencesOf(row: ReadRow, tokenizer: ChatTokenizer, rendering: Rendering): Sequence[] {
  switch (row.kind) {
    case "preference": {
      const { chosen, rejected } = learnt(tokenizePair(tokenizer, row, uncut, false, rendering));
      return [
        { answer: "chosen", tokens: chosen },
        { answer: "rejected", tokens: rejected },
      ];
    }
    case "ranking": {
      const { answers, ranks } = learnt(tokenizeList(tokenizer, asRanking(row), uncut, rendering));
      return answers.map((tokens, i) => ({ answer: `rank ${ranks[i]}`, tokens }));
    }
    case "unpaired":
    case "stepwise": {
      const { prompt, answers } = asUnpaired(row);
      return answers.map(({ completion, label }) => ({
        answer: label ? "good" : "bad",
        tokens: learnt(tokenizeSupervised(tokenizer, { prompt, completion }, uncut, true, rendering)),
      }));
    }
    case "completion":
    case "text":
      return [{ answer: "", tokens: learnt(tokenizeSupervised(tokenizer, asSupervised(row), uncut, true, rendering)) }];
    default: {
      const ids = tokenizePrompt(tokenizer, promptOf(row), rendering);
      return [{ answer: "", tokens: { input_ids: ids, completion_mask: ids.map(() => 0) } }];
    }
  }
}

function learnt<T>(tokens: T | null): T {
  if (tokens === null) throw new Error("has no token of an answer in this template: there is nothing to learn");
  return tokens;
}
