// What people or models wrote in a row, whatever its kind.

import type { Text } from "../../spec/chat";
import { isRecord } from "../json";
import type { ReadRow } from "./formats";
import { contentText } from "./messages";
import { wholeAnswers } from "./whole-answers";

/** Its prompt, its answers or steps, its text: in the order in which they are read. */
export function textsOf(row: ReadRow): string[] {
  switch (row.kind) {
    case "preference": {
      const { prompt, chosen, rejected } = wholeAnswers(row);
      return [prompt, chosen, rejected].map(plainText);
    }
    case "ranking":
      return [plainText(row.prompt), ...row.completions.map(plainText)];
    case "unpaired":
    case "completion":
      return [plainText(row.prompt), plainText(row.completion)];
    case "text":
      return [row.text];
    case "answers":
      return [plainText(row.prompt), ...row.answers];
    case "stepwise":
      return [plainText(row.prompt), ...row.steps.map(({ text }) => text)];
    case "prompt":
      return [plainText(row.prompt)];
  }
}

const plainText = (text: Text): string =>
  typeof text === "string" ? text : text.map(({ content }) => contentText(content)).join("\n\n");

/** What is said of a row, and names that stand for something else. */
const notWritten = new Set(["kind", "layout", "columns", "unused", "remarks", "media", "source", "writers"]);
const identifiers = new Set(["role", "id", "tool_call_id"]);

/** Every text in it by itself: those above turn by turn, with what turns hold beside their content, such as the arguments of tools. */
export const everyTextOf = (row: ReadRow): string[] =>
  Object.entries(row).flatMap(([name, value]) => (notWritten.has(name) ? [] : textsWithin(value)));

function textsWithin(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsWithin);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, one]) => (identifiers.has(name) ? [] : textsWithin(one)));
}
