// Ranked pairs in the columns of other programs.

import { stringify } from "csv-stringify/sync";
import { asText, besideColumns, exportedColumns, judgedColumns } from "../../../common/records/formula";
import type { Message } from "../../../spec/chat";
import { AppError } from "../../../spec/errors";

/** TRL's conversational columns, and what annotators leave behind. */
export interface RankedRow {
  prompt: Message[];
  chosen: [Message];
  rejected: [Message];
  /** Mean of the raters' strengths towards the chosen answer, 4 much better. */
  strength: number;
  /** People; 0 where the label came with the file and nobody here has judged the pair. */
  n_raters: number;
  /** Probability that the chosen answer is the better one. */
  p_chosen: number;
  rationales?: string[];
  /** Those that were chosen among the dataset's, each once; of a dataset in which nobody chose any there is no such column. */
  reason_tags?: string[];
  /** Where it was not a person's vote; tables say it by `n_raters` alone. */
  labelled_by?: "import" | "rewrite" | "judge";
  /** Mean rating of the answer by criterion, null where nobody rated it; of each criterion that somebody used. */
  [rating: `${"chosen" | "rejected"}_${string}`]: number | null;
}
/** TRL's KTO columns. */
export interface UnpairedRow {
  prompt: Message[];
  completion: Message[];
  label: boolean;
  /** Of the vote on both answers that it comes from. */
  rationales?: string[];
  reason_tags?: string[];
  [rating: `completion_${string}`]: number | null;
}

export const jsonLines = (rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

/** Each pair as a good and a bad answer. */
export const unpaired = (rows: RankedRow[]): UnpairedRow[] =>
  rows.flatMap((row) => {
    const { prompt, chosen, rejected, rationales, reason_tags } = row;
    const beside = { ...(rationales && { rationales }), ...(reason_tags && { reason_tags }) };
    return [
      { prompt, completion: chosen, label: true, ...beside, ...ratingsOf(row, "chosen") },
      { prompt, completion: rejected, label: false, ...beside, ...ratingsOf(row, "rejected") },
    ];
  });

const ratingsOf = (row: RankedRow, answer: "chosen" | "rejected"): Pick<UnpairedRow, `completion_${string}`> =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      name.startsWith(`${answer}_`) ? [[name.replace(answer, "completion"), value as number | null]] : [],
    ),
  );

const speakers: Record<string, string> = { user: "human", assistant: "gpt" };

/**
 * LLaMA-Factory's ranked sharegpt rows, to be described by `sharegptInfo`. It would leave out rows whose turns do not alternate with no more than a warning.
 */
export function sharegpt(rows: RankedRow[]): object[] {
  const odd = rows.filter(({ prompt }) => !alternates(prompt)).length;
  if (odd > 0)
    throw new AppError(
      400,
      `LLaMA-Factory needs turns that alternate and end with the user's; ${odd} of ${rows.length} records do not. Export them for TRL.`,
    );
  return rows.map(({ prompt, chosen, rejected, ...others }) => {
    const turn = ({ role, content }: Message) => ({ from: speakers[role], value: content });
    const [first] = prompt;
    return {
      conversations: prompt.filter(({ role }) => role !== "system").map(turn),
      chosen: turn(chosen[0]),
      rejected: turn(rejected[0]),
      system: first?.role === "system" ? first.content : "",
      ...others, // LLaMA-Factory reads the columns that it is told of; an import here reads these as well
    };
  });
}

/** What LLaMA-Factory's dataset_info.json has to say of such a file. */
export const sharegptInfo = (name: string, file: string): object => ({
  [name]: {
    file_name: file,
    formatting: "sharegpt",
    ranking: true,
    columns: { messages: "conversations", chosen: "chosen", rejected: "rejected", system: "system" },
  },
});

/** A system message or none, then user and assistant in turn, the user last. */
function alternates(prompt: Message[]): boolean {
  const turns = prompt[0]?.role === "system" ? prompt.slice(1) : prompt;
  return turns.length % 2 === 1 && turns.every(({ role }, i) => role === (i % 2 === 0 ? "user" : "assistant"));
}

/** For tables: plain text where a cell holds one plain turn, and otherwise the turns as JSON, which an import reads again. RFC 4180. */
export const csv = (rows: RankedRow[]): string => table(rows, exportedColumns);
export const unpairedCsv = (rows: UnpairedRow[]): string => table(rows, judgedColumns);

function table(rows: object[], own: string[]): string {
  const columns = [...own, ...besideColumns(Object.keys(rows[0] ?? {}))];
  const cells = rows.map((row) => columns.map((name) => valueIn(name, (row as Record<string, unknown>)[name])));
  const options = { record_delimiter: "windows", quoted_string: true } as const;
  return `${stringify([columns.map(asText)], { record_delimiter: "windows" })}${stringify(cells, options)}`;
}

function valueIn(name: string, value: unknown): unknown {
  if (name === "prompt") return asText(cell(value as Message[], "user"));
  if (["chosen", "rejected", "completion"].includes(name)) return asText(cell(value as Message[], "assistant"));
  if (name === "rationales") return asText(((value ?? []) as string[]).join("\n"));
  if (name === "reason_tags") return JSON.stringify(value);
  return typeof value === "boolean" ? String(value) : value;
}

/** What reads back as these turns. Text that begins like JSON would not. */
function cell(turns: Message[], role: string): string {
  const [turn, ...more] = turns as [Message];
  const { role: speaker, content, ...others } = turn;
  const plain = more.length === 0 && speaker === role && Object.keys(others).length === 0 && content !== null;
  return plain && !/^\s*[[{]/.test(content) ? content : JSON.stringify(turns);
}
