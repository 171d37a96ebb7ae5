// What a row holds for the chat template beside its messages.
import type { TemplateOptions } from "../../spec/chat";
import { isRecord } from "../json";
import { parseJson } from "../records/json";
import type { Columns } from "./layout";
import { kindOf } from "./messages";

/** `tools` and `chat_template_kwargs`, as lists and objects or as their JSON: what TRL hands to the chat template. */
export function templateOptions(tools: unknown, kwargs: unknown): TemplateOptions | undefined {
  if (tools === undefined && kwargs === undefined) return undefined;
  const list = fromJson(tools, "tools");
  const named = fromJson(kwargs, "chat_template_kwargs");
  if (list !== undefined && !Array.isArray(list)) throw new Error(`tools is ${kindOf(list)}; a list is expected`);
  if (named !== undefined && !isRecord(named))
    throw new Error(`chat_template_kwargs is ${kindOf(named)}; an object is expected`);
  const options = { ...(list && list.length > 0 && { tools: list as unknown[] }), ...named };
  return Object.keys(options).length > 0 ? options : undefined;
}

/** OpenAI's older name for tools. */
export const toolsIn = ({ tools, functions }: Columns): unknown =>
  tools ??
  (Array.isArray(functions) ? functions.map((one: unknown) => ({ type: "function", function: one })) : undefined);

/** A value, or what its JSON says. */
export function fromJson(value: unknown, name: string): unknown {
  if (typeof value !== "string") return value;
  try {
    return parseJson(value);
  } catch (error) {
    throw new Error(`${name} is a text that is ${(error as Error).message}`, { cause: error });
  }
}
