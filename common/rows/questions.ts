// What a row asks, in whichever columns it stands.
import type { Message, Text } from "../../spec/chat";
import { isRecord } from "../json";
import type { Columns } from "./layout";
import { asTurns, readText } from "./messages";

export type { Columns };

export interface Question {
  prompt: unknown;
  uses: string[];
  /** Where the columns' names tell whose layout it is. */
  layout?: string;
}

const promptColumns = ["question", "query", "problem", "inputs", "input", "context", "history"];

/** What is asked: the column `prompt`; Alpaca's instruction with its input and history; or another name for it. */
export function question(row: Columns): Question | null {
  if (row.prompt !== undefined) return { prompt: row.prompt, uses: ["prompt"] };
  if (typeof row.instruction === "string") return alpaca(row);
  const column = promptColumns.find((name) => row[name] !== undefined);
  if (column === undefined) return null;
  return { prompt: asTurns(readText(textOf(row[column]), column), "user"), uses: [column], layout: column };
}

/** WebGPT's questions stand beside where they come from. */
const textOf = (value: unknown) => (isRecord(value) && typeof value.full_text === "string" ? value.full_text : value);

function alpaca({ instruction, input, context, history }: Columns): Question {
  const before = Array.isArray(history) ? history.flatMap((exchange: unknown, i) => exchanged(exchange, i)) : [];
  const more = [input, context].filter((one) => typeof one === "string" && one.trim() !== "");
  const asked: Message = { role: "user", content: [instruction, ...more].join("\n") };
  return { prompt: [...before, asked], uses: ["instruction", "input", "context", "history"], layout: "Alpaca" };
}

function exchanged(exchange: unknown, index: number): Message[] {
  if (!Array.isArray(exchange) || exchange.length !== 2 || !exchange.every((one) => typeof one === "string"))
    throw new Error(`entry ${index + 1} of history is no question with its answer`);
  return [
    { role: "user", content: String(exchange[0]) },
    { role: "assistant", content: String(exchange[1]) },
  ];
}

/** Messages with the system text of a column before them. A plain text becomes a conversation. */
export function withSystem(prompt: Text, system: unknown): Text {
  if (system === undefined) return prompt;
  const [{ content }] = readText([{ role: "system", content: system }], "system") as [Message];
  if (content === null || content.trim() === "") return prompt;
  const turns = asTurns(prompt, "user");
  if (turns[0]?.role !== "system") return [{ role: "system", content }, ...turns];
  if (turns[0].content !== content) throw new Error("has a system column and a system turn that say different things");
  return turns;
}
