// Rows of LLaMA-Factory 1, as its v1_*_demo.jsonl have them: what a turn says, thinks and calls are parts with a type and a value each.
import { isRecord } from "../json";
import type { Columns, Layout } from "./layout";

interface TypedPart {
  type: string;
  value: string;
}

const isTyped = (part: unknown): part is TypedPart =>
  isRecord(part) && typeof part.type === "string" && typeof part.value === "string";

/** A turn with the usual fields: parts of text, `reasoning_content`, `tool_calls`, and OpenAI's `weight`. Others are left as they are. */
export function fromTypedParts(turn: Columns, name: string): Columns {
  const { content, loss_weight: weight, ...rest } = turn;
  if (!Array.isArray(content) || content.length === 0 || !content.every(isTyped)) return turn;
  const of = (type: string) => content.filter((part) => part.type === type).map(({ value }) => value);
  const calls = of("tool_call").flatMap((call) => toolCalls(call, name));
  const thought = of("reasoning").join("\n");
  const parts = content
    .filter(({ type }) => type !== "tool_call" && type !== "reasoning")
    .map((part) => (part.type === "text" ? { type: "text", text: part.value } : part));
  return {
    ...rest,
    ...((parts.length > 0 || calls.length === 0) && { content: parts }),
    ...(thought !== "" && { reasoning_content: thought }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(rest.role === "assistant" && weight === 0 && { weight }),
  };
}

/** Calls as JSON: one, or a list of them. */
export function toolCalls(json: string, name: string): object[] {
  try {
    const calls: unknown = JSON.parse(json);
    return [calls].flat().map((call: unknown) => ({ type: "function", function: call }));
  } catch (error) {
    throw new Error(`${name} calls a function, and its value is not JSON`, { cause: error });
  }
}

/** Two whole conversations. */
export function messagesPair(row: Columns): Layout | null {
  const { chosen_messages: chosen, rejected_messages: rejected } = row;
  if (!Array.isArray(chosen) || !Array.isArray(rejected)) return null;
  return { name: "LLaMA-Factory 1", uses: ["chosen_messages", "rejected_messages"], row: { chosen, rejected } };
}
