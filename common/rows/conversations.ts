// Whole conversations, whatever the columns and turns are called, alone, with a label or before the two answers of a pair.
import type { Message } from "../../spec/chat";
import { isRecord } from "../json";
import { labelColumns, labelled } from "./labels";
import type { Columns, Layout } from "./layout";
import { toolCalls } from "./typed-parts";

/** OpenAI's, ShareGPT's, UltraInteract's, and those of lists of texts. */
export const conversationColumns = [
  "messages",
  "conversations",
  "conversation",
  "trajectory",
  "dialogue",
  "dialog",
  "data",
];

export function conversation(row: Columns): Layout | null {
  const column = conversationColumns.find((name) => isConversation(name, row[name]));
  if (column === undefined) return null;
  const { chosen, rejected } = row;
  // UltraFeedback, binarized, repeats the chosen conversation; Capybara gives the one that was there before both
  if (isDialogue(chosen) && isDialogue(rejected)) return null;
  const given = row[column] as unknown[];
  const exchanges = exchanged(given) ?? alternating(given);
  const turns = exchanges ?? given;
  const name = exchanges ? "exchanges" : isShareGpt(turns) ? "ShareGPT" : "messages";
  if (chosen !== undefined && rejected !== undefined)
    return {
      name: `${name} with a pair`,
      uses: [column, "chosen", "rejected"],
      row: { prompt: turns, chosen, rejected },
    };
  const label = labelled(row);
  if ("label" in label)
    return { name: `${name} with a label`, uses: [column, ...labelColumns], row: { messages: turns, ...label } };
  return { name, uses: [column], row: { messages: turns } };
}

const isText = (one: unknown) => typeof one === "string";

/** What is called `data` may be anything else. */
const isConversation = (name: string, value: unknown) =>
  Array.isArray(value) && (name !== "data" || (value.length > 0 && value.every(isText)));

/** More than an answer: a conversation from its beginning. */
const isDialogue = (value: unknown) => Array.isArray(value) && value.length > 1;

/** Exchanges of a question with its answer as turns: Capybara's, XTuner's, whose first may have a system text, and Firefly's. */
function exchanged(turns: unknown[]): Message[] | null {
  const exchanges = turns.map((turn) => {
    const { system, input, output, human = input, assistant = output } = isRecord(turn) ? turn : {};
    if (typeof human !== "string" || typeof assistant !== "string") return null;
    return [
      ...(typeof system === "string" && system !== "" ? [{ role: "system", content: system }] : []),
      { role: "user", content: human },
      { role: "assistant", content: assistant },
    ];
  });
  return exchanges.length > 0 && exchanges.every((exchange) => exchange !== null) ? exchanges.flat() : null;
}

/** Texts of which every second one answers the one before: UltraChat's and LIMA's. */
function alternating(texts: unknown[]): Message[] | null {
  if (texts.length === 0 || !texts.every(isText)) return null;
  return texts.map((content, i) => ({ role: i % 2 === 0 ? "user" : "assistant", content: content as string }));
}

const isShareGpt = (turns: unknown) =>
  Array.isArray(turns) && isRecord(turns[0]) && "from" in turns[0] && !("role" in turns[0]);

/** What Gemini is tuned with: turns of parts. */
export function gemini({ contents, systemInstruction: system }: Columns): Layout | null {
  if (!Array.isArray(contents) || !contents.every((turn) => isRecord(turn) && Array.isArray(turn.parts))) return null;
  const turns = (contents as Columns[]).map(({ role = "user", parts }) => ({ role, content: parts }));
  const before = isRecord(system) ? [{ role: "system", content: system.parts }] : [];
  return { name: "Gemini", uses: ["contents", "systemInstruction"], row: { messages: [...before, ...turns] } };
}

/** xLAM's: what is asked, and the calls that answer it, as JSON. */
export function functionCalls({ query, answers, tools }: Columns): Layout | null {
  if (typeof query !== "string" || typeof answers !== "string" || tools === undefined) return null;
  const answer = { role: "assistant", content: null, tool_calls: toolCalls(answers, "answers") };
  return { name: "xLAM", uses: ["query", "answers"], row: { messages: [{ role: "user", content: query }, answer] } };
}
