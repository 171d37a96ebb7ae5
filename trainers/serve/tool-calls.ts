// Calls of tools in what a model writes: <tool_call>{"name": …, "arguments": {…}}</tool_call>, as the chat templates of Hermes, Qwen and SmolLM3
// ask for, or {"name": …, "parameters": {…}} and nothing else, as Llama 3's do. What is no such call stays text.
import { z } from "zod";
import { mayBegin } from "./text-stream";

export interface ToolCall {
  name: string;
  /** JSON, as OpenAI's API has it. */
  arguments: string;
}

/** What came: text, and calls after it. */
export interface Parts {
  text: string;
  calls: ToolCall[];
}

/** Reads an answer that comes in pieces. */
export interface CallReader {
  push(text: string): Parts;
  rest(): Parts;
}

const [open, close] = ["<tool_call>", "</tool_call>"];

/** `names`: of the tools that there are. An answer that is JSON calls no others, since it may be meant as JSON. */
export function callReader(names: string[]): CallReader {
  let held = "";
  let begun = false;
  let called = false;

  const read = (isLast: boolean): Parts => {
    if (!begun && held.trimStart().startsWith("{")) return isLast ? bare() : { text: "", calls: [] };
    const parts: Parts = { text: "", calls: [] };
    for (let block = firstBlock(held, isLast); block; block = firstBlock(held, isLast)) {
      const call = callOf(block.inner);
      parts.text += call ? held.slice(0, block.start).trimEnd() : held.slice(0, block.end);
      if (call) parts.calls.push(call);
      called ||= call !== null;
      held = held.slice(block.end);
    }
    const text = isLast ? held : settled(held);
    held = held.slice(text.length);
    if (!called || text.trim() !== "") parts.text += text; // space around calls is no answer
    begun ||= called || parts.text !== "";
    return parts;
  };

  function bare(): Parts {
    const call = callOf(held);
    return call && names.includes(call.name) ? { text: "", calls: [call] } : { text: held, calls: [] };
  }

  return {
    push(text) {
      held += text;
      return read(false);
    },
    rest: () => read(true),
  };
}

/** The first call that is whole; a model may end without closing its last. */
function firstBlock(text: string, isLast: boolean): { start: number; inner: string; end: number } | null {
  const start = text.indexOf(open);
  const closed = text.indexOf(close, start);
  if (start < 0 || (closed < 0 && !isLast)) return null;
  const inner = text.slice(start + open.length, closed < 0 ? undefined : closed);
  return { start, inner, end: closed < 0 ? text.length : closed + close.length };
}

/** What a call cannot change any more. */
function settled(text: string): string {
  const start = text.indexOf(open);
  return text.slice(0, start < 0 ? text.length - mayBegin(text, [open]) : start).trimEnd();
}

const given = z.union([z.record(z.string(), z.unknown()), z.string()]);
const written = z.union([
  z.object({ name: z.string().min(1), arguments: given }),
  z
    .object({ name: z.string().min(1), parameters: given })
    .transform(({ name, parameters }) => ({ name, arguments: parameters })),
]);

function callOf(json: string): ToolCall | null {
  try {
    const { name, arguments: values } = written.parse(JSON.parse(json));
    return { name, arguments: typeof values === "string" ? values : JSON.stringify(values) };
  } catch {
    return null;
  }
}
