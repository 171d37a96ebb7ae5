// Ranked pairs in the columns of other programs.

import { stringify } from "csv-stringify/sync";
import { asText, exportedColumns } from "../../../common/records/formula";
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
  /** Where no person has; tables say it by `n_raters` alone. */
  labelled_by?: "import";
}
/** TRL's KTO columns. */
export interface UnpairedRow {
  prompt: Message[];
  completion: Message[];
  label: boolean;
  /** Of the vote on both answers that it comes from. */
  rationales?: string[];
}

export const jsonLines = (rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

/** Each pair as a good and a bad answer. */
export const unpaired = (rows: RankedRow[]): UnpairedRow[] =>
  rows.flatMap(({ prompt, chosen, rejected, rationales }) =>
    [
      { prompt, completion: chosen, label: true },
      { prompt, completion: rejected, label: false },
    ].map((row) => ({ ...row, ...(rationales && { rationales }) })),
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
  return rows.map(({ prompt, chosen, rejected, strength, n_raters, p_chosen, rationales }) => {
    const turn = ({ role, content }: Message) => ({ from: speakers[role], value: content });
    const [first] = prompt;
    return {
      conversations: prompt.filter(({ role }) => role !== "system").map(turn),
      chosen: turn(chosen[0]),
      rejected: turn(rejected[0]),
      system: first?.role === "system" ? first.content : "",
      ...{ strength, n_raters, p_chosen, ...(rationales && { rationales }) }, // LLaMA-Factory reads the columns that it is told of; an import here reads these as well
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
export function csv(rows: RankedRow[]): string {
  const cells = rows.map(({ prompt, chosen, rejected, strength, n_raters, p_chosen, rationales = [] }) => {
    const texts = [cell(prompt, "user"), cell(chosen, "assistant"), cell(rejected, "assistant")];
    return [...texts.map(asText), strength, n_raters, p_chosen, asText(rationales.join("\n"))];
  });
  return `${exportedColumns.join()}\r\n${stringify(cells, { record_delimiter: "windows", quoted_string: true })}`;
}

/** What reads back as these turns. Text that begins like JSON would not. */
function cell(turns: Message[], role: string): string {
  const [turn, ...more] = turns as [Message];
  const { role: speaker, content, ...others } = turn;
  const plain = more.length === 0 && speaker === role && Object.keys(others).length === 0 && content !== null;
  return plain && !/^\s*[[{]/.test(content) ? content : JSON.stringify(turns);
}
