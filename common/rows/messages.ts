// Texts and conversations as rows hold them, brought into one form: a text, or turns with a role and a content. What cannot be read is
// said in a sentence: what was found, and what is expected.
import type { Message, Text } from "../../spec/chat";
import { isRecord } from "../json";
import { fromTypedParts, toolCalls } from "./typed-parts";

/** What a value is, for a sentence. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "a text";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Half of a surrogate pair is no character: no tokenizer can give it back. */
function whole(text: string, name: string): string {
  if (!text.isWellFormed()) throw new Error(`${name} holds half a character (a lone surrogate)`);
  return text;
}

export function readText(value: unknown, name: string): Text {
  if (typeof value === "string") {
    if (value.trim() === "") throw new Error(`${name} is empty`);
    return whole(value, name);
  }
  if (isRecord(value)) return [readTurn(value, name)];
  if (!Array.isArray(value)) throw new Error(`${name} is ${kindOf(value)}; a text or a list of messages is expected`);
  if (value.length === 0) throw new Error(`${name} is empty`);
  return value.map((turn: unknown, i) => readTurn(turn, `turn ${i + 1} of ${name}`));
}

/** Who speaks in turns of ShareGPT, Cohere, Gemini and others, by the roles of chat templates. */
const speakers: Record<string, string> = {
  system: "system",
  user: "user",
  human: "user",
  prompter: "user",
  assistant: "assistant",
  gpt: "assistant",
  chatgpt: "assistant",
  bing: "assistant",
  bard: "assistant",
  bot: "assistant",
  chatbot: "assistant",
  model: "assistant",
  ai: "assistant",
  function_call: "assistant",
  function: "tool",
  observation: "tool",
  function_response: "tool",
};

/** A turn with `role` and `content`, or ShareGPT's `from` and `value`. Its other fields are kept: a chat template may show them. */
function readTurn(turn: unknown, name: string): Message {
  if (!isRecord(turn))
    throw new Error(
      `${name} is ${kindOf(turn)}; a message with "role" and "content" (or "from" and "value") is expected`,
    );
  const said = Object.fromEntries(Object.entries(turn).filter(([, value]) => value !== null && value !== undefined));
  const given = fromTypedParts(said, name);
  if (given.from === "function_call" && given.role === undefined) return functionCall(given, name);
  const fields = withCalls(usualFields(given));
  const { role, content } = fields;
  if (typeof role !== "string" || role === "")
    throw new Error(
      `${name} has no role: its fields are ${Object.keys(turn).slice(0, 8).join(", ") || "none"}, and "role" and "content" (or "from" and "value") are expected`,
    );
  const media = mediaOf(content);
  return { ...fields, role, content: readContent(content, name, fields), ...(media.length > 0 && { media }) };
}

/** `role` and `content`, also of ShareGPT's `from` and `value`, and where the content is called `text`. */
function usualFields(turn: Record<string, unknown>): Record<string, unknown> {
  const { from, value, ...rest } = turn;
  const shareGpt = rest.role === undefined && typeof from === "string";
  const { text, ...others } = rest;
  const isText = !shareGpt && rest.content === undefined && typeof text === "string";
  const fields = isText ? { ...others, content: text } : shareGpt ? { ...rest, content: rest.content ?? value } : turn;
  const role = shareGpt ? from : fields.role;
  return typeof role === "string" ? { ...fields, role: speakers[role.toLowerCase()] ?? role } : fields;
}

/** OpenAI's older way to call one function. */
function withCalls(turn: Record<string, unknown>): Record<string, unknown> {
  const { function_call: call, ...rest } = turn;
  return isRecord(call) && rest.tool_calls === undefined
    ? { ...rest, tool_calls: [{ type: "function", function: call }] }
    : turn;
}

/** LLaMA-Factory's turn that calls tools: its value is the call, or a list of them, as JSON. */
const functionCall = ({ value }: Record<string, unknown>, name: string): Message => ({
  role: "assistant",
  content: null,
  tool_calls: toolCalls(String(value), name),
});

export const callsTools = ({ tool_calls }: Message): boolean => Array.isArray(tool_calls) && tool_calls.length > 0;

/** Text, the text of parts, or null of a turn that only calls tools. */
function readContent(content: unknown, name: string, fields: Record<string, unknown>): string | null {
  if (typeof content === "string") return whole(content, name);
  if (Array.isArray(content)) return content.map((part: unknown) => partText(part, name)).join("");
  if (content !== undefined) throw new Error(`the content of ${name} is ${kindOf(content)}; a text is expected`);
  if (Array.isArray(fields.tool_calls) && fields.tool_calls.length > 0) return null;
  throw new Error(`${name} has no content, and calls no tool either`);
}

/** What a part that is no text stands for: a place in the text, and nothing that a model here can read. */
const otherParts: Record<string, string> = {
  image: "image",
  image_url: "image",
  input_image: "image",
  audio: "audio",
  input_audio: "audio",
  audio_url: "audio",
  video: "video",
  video_url: "video",
  file: "file",
};
const textParts = ["text", "input_text", "output_text"];

const kindOfPart = (part: unknown): string | undefined =>
  isRecord(part) && typeof part.type === "string" ? otherParts[part.type] : undefined;

const mediaOf = (content: unknown): string[] =>
  Array.isArray(content) ? content.flatMap((part: unknown) => kindOfPart(part) ?? []) : [];

function partText(part: unknown, name: string): string {
  if (typeof part === "string") return whole(part, name);
  if (isRecord(part) && typeof part.text === "string" && textParts.includes(String(part.type ?? "text")))
    return whole(part.text, name);
  const kind = kindOfPart(part);
  if (kind !== undefined) return `[${kind}]`;
  const type = isRecord(part) && typeof part.type === "string" ? `of type ${part.type.slice(0, 20)}` : "without text";
  throw new Error(`${name} holds a part ${type}; text, image, audio, video or file is expected`);
}

/** The text of a message; empty where it has none. */
export const contentText = (content: string | null): string => content ?? "";

export const asTurns = (text: Text, role: string): Message[] =>
  typeof text === "string" ? [{ role, content: text }] : text;

/** A prompt: something is asked. */
export function readPrompt(value: unknown): Text {
  const prompt = readText(value, "prompt");
  const last = typeof prompt === "string" ? undefined : prompt.at(-1)!;
  if (last && contentText(last.content).trim() === "" && !callsTools(last)) throw new Error("prompt is empty");
  return prompt;
}

/** An answer: a text, or one turn of the assistant, since whatever stands there is learnt as the assistant's words. */
export function readAnswer(value: unknown, name: string): Text {
  const answer = readText(value, name);
  if (typeof answer === "string") return answer;
  const other = answer.find(({ role }) => role !== "assistant");
  if (other)
    throw new Error(
      `${name} holds a turn of the role ${other.role.slice(0, 20)}; an answer is one turn of the role assistant, whose words alone are learnt`,
    );
  if (answer.length > 1)
    throw new Error(`${name} holds ${answer.length} turns; an answer is one turn of the role assistant`);
  if (contentText(answer[0]!.content).trim() === "" && !callsTools(answer[0]!)) throw new Error(`${name} is empty`);
  return answer;
}
