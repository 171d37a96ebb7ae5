// What a file of rows is: whose layouts its rows have, what each column is taken for, what kind of dataset they make, and which rows are
// none. Importers and pages show it before anything is imported.
import type { LabelKind } from "../../spec/label-kinds";
import type { RowMapping } from "../../spec/row-mapping";
import { isRecord } from "../json";
import type { BadLine } from "../records/lines";
import { placeIn } from "../records/records";
import { conversationColumns } from "./conversations";
import { rowRecords } from "./expand";
import { type ReadRow, readRow } from "./formats";
import { signatureOf } from "./mapping";
import { collectRemarks } from "./remarks";

/** Answers that nobody has judged are a kind of their own until somebody has. */
export type DatasetKind = LabelKind | "answers";

const kinds: Record<ReadRow["kind"], DatasetKind> = {
  preference: "pairs",
  ranking: "rankings",
  answers: "answers",
  unpaired: "unpaired",
  completion: "sft",
  prompt: "prompts",
  stepwise: "stepwise",
  text: "text",
};

export const kindOfRow = ({ kind }: Pick<ReadRow, "kind">): DatasetKind => kinds[kind];

export interface Recognised {
  /** Whose layouts the rows have, the most frequent first. */
  layouts: { name: string; rows: number }[];
  /** The kinds of dataset that the rows make, the most frequent first: one, unless a file mixes them. */
  kinds: { kind: DatasetKind; rows: number; first: number }[];
  /** Columns in the order in which they were met, and what each is taken for; null where nothing reads it. */
  columns: { name: string; takenFor: string | null }[];
  /** By which a mapping is remembered. */
  signature: string;
  good: number;
  left: number;
  bad: BadLine[];
  notes: string[];
}

interface Limits {
  /** Rows that are looked at; all unless it is said. */
  rows?: number;
  /** Bad rows that are listed. */
  listed?: number;
  partial?: boolean;
  mapping?: RowMapping | null;
}

export async function recognise(
  path: string,
  { rows = Number.POSITIVE_INFINITY, listed = 20, partial = false, mapping = null }: Limits = {},
): Promise<Recognised> {
  const [layouts, found] = [new Map<string, number>(), new Map<DatasetKind, { rows: number; first: number }>()];
  const columns = new Map<string, string | null>();
  const [bad, remarks] = [[] as BadLine[], collectRemarks()];
  let [good, left] = [0, 0];
  for await (const record of rowRecords(path, { partial, mapping })) {
    try {
      if ("reason" in record) throw new Error(record.reason);
      if (isRecord(record.value))
        for (const name of Object.keys(record.value)) if (!columns.has(name)) columns.set(name, null);
      const row = readRow(record.value);
      good++;
      layouts.set(row.layout, (layouts.get(row.layout) ?? 0) + 1);
      const kind = kindOfRow(row);
      const known = found.get(kind) ?? { rows: 0, first: record.line };
      found.set(kind, { ...known, rows: known.rows + 1 });
      for (const name of Object.keys(row.columns))
        if (!row.unused.includes(name)) columns.set(name, meaningOf(name in meanings ? name : name.toLowerCase(), row));
      remarks.row(record.line, row);
    } catch (error) {
      left++;
      if (bad.length < listed) bad.push({ line: record.line, reason: `${placeIn(record)}${(error as Error).message}` });
    }
    if (good + left >= rows) break;
  }
  const most = <T extends { rows: number }>(list: T[]) => list.sort((a, b) => b.rows - a.rows);
  return {
    layouts: most([...layouts].map(([name, count]) => ({ name, rows: count }))),
    kinds: most([...found].map(([kind, one]) => ({ kind, ...one }))),
    columns: [...columns].map(([name, takenFor]) => ({ name, takenFor })),
    signature: signatureOf([...columns.keys()]),
    good,
    left,
    bad,
    notes: remarks.sentences(),
  };
}

/** What a column that a layout reads is taken for, in words. */
function meaningOf(name: string, { kind, columns }: ReadRow): string {
  if (conversationColumns.includes(name) && Array.isArray(columns[name]))
    return columns.chosen !== undefined || kind === "prompt"
      ? "the prompt"
      : "a conversation, whose last answer is learnt";
  return meanings[name] ?? (kind === "completion" || kind === "unpaired" ? "the answer" : "the prompt or its answers");
}

const the = (meaning: string, ...names: string[]) => names.map((name) => [name, meaning] as const);
const meanings: Record<string, string> = Object.fromEntries([
  ...the("the prompt", "prompt", "instruction", "question", "query"),
  ...the("what the prompt goes on with", "input"),
  ...the("the prompt, or what it goes on with", "context"),
  ...the("the prompt, or earlier exchanges", "history"),
  ...the("the system text", "system", "system_prompt"),
  ...the("the better answer", "chosen", "preferred_output", "chosen_response", "pos_resp", "edited_response"),
  ...the("the worse answer", "rejected", "non_preferred_output", "rejected_response", "neg_resp", "original_response"),
  ...the("the better answer", "good_edited_response"),
  ...the("the worse answer", "bad_edited_response"),
  ...the("the answer", "completion", "response", "output", "answer", "generation", "generated_solution"),
  ...the("answers, or steps", "completions"),
  ...the("answers", "answers", "responses", "generations", "all_generated_responses"),
  ...the("the first answer", "response_a", "response_0", "response1", "human_ref_A", "conversation_a", "output_1"),
  ...the("the second answer", "response_b", "response2", "human_ref_B", "conversation_b", "output_2"),
  ...the("one of two answers", "response_1", "response_2"),
  ...the("ranks of the answers, least is best", "ranks", "rankings"),
  ...the("scores of the answers, highest is best", "scores", "all_rm_scores", "ratings"),
  ...the("good or bad", "label", "kto_tag", "is_safe", "is_correct"),
  ...the("right or wrong, by step; or which answer is better", "labels"),
  ...the(
    "which answer is better",
    "winner",
    "winner_model_a",
    "winner_model_b",
    "winner_tie",
    "better_response_id",
    "preference",
  ),
  ...the("which answer is better, and by how much", "overall_preference", "preference_strength"),
  ...the("how both answers begin", "initial_reason_steps"),
  ...the("text that is learnt whole", "text", "content", "raw_content"),
  ...the("tools that may be called", "tools"),
  ...the("variables of the chat template", "chat_template_kwargs"),
  ...the("images or other files, which training leaves out", "images", "image", "videos", "video", "audios", "audio"),
  ...the("where the row comes from", "source"),
  ...the("who wrote the answers", "writers"),
  ...the("the right verdict", "gold"),
  ...the("what people were shown", "fields", "data"),
  ...the("what people said of it", "responses", "annotations"),
]);
