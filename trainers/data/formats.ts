// Layouts of preference rows that other projects publish, brought into TRL's explicit one: prompt, chosen, rejected.
// Turns are told apart by message, never by a common prefix of characters, which cuts words in two (trl issue 6079).
import type { Message } from "../models/tokenizer";

type Row = Record<string, unknown>;

/** `row` with prompt, chosen and rejected. Throws a sentence where it holds no pair; what is no known layout comes back as it is. */
export function toPreference(row: Row): Row {
  const { prompt, chosen, rejected, ...rest } = row;
  if (typeof row.initial_reason_steps === "string") return { ...row, steps: row.initial_reason_steps }; // Step-DPO
  if (isConversation(chosen) && isConversation(rejected) && !Array.isArray(prompt)) {
    const pair = implicitPrompt(chosen, rejected);
    if (typeof prompt === "string" && !pair.prompt.some(({ content }) => content.trim() === prompt.trim()))
      throw new Error("prompt is not among the turns that chosen and rejected share");
    return { ...rest, ...pair }; // implicit prompt; UltraFeedback repeats it as text
  }
  if (prompt === undefined && isTranscript(chosen) && isTranscript(rejected))
    return { ...rest, ...implicitPrompt(turns(chosen), turns(rejected)) }; // Anthropic's HH-RLHF
  if (isConversation(row.conversation_a) && isConversation(row.conversation_b)) {
    const won = winner(row); // LMSYS's arena
    const [a, b] = [row.conversation_a, row.conversation_b];
    return implicitPrompt(won === "a" ? a : b, won === "a" ? b : a);
  }
  if (typeof row.response_a === "string" && typeof row.response_b === "string") {
    const won = winner(row);
    const [a, b] = [row.response_a, row.response_b];
    return { prompt, chosen: won === "a" ? a : b, rejected: won === "a" ? b : a };
  }
  if (prompt === undefined && typeof chosen === "string" && typeof rejected === "string")
    throw new Error("has no prompt: give it as a column, since where two texts part is not where an answer begins");
  return row;
}

const isConversation = (value: unknown): value is Message[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((turn) => typeof turn?.role === "string" && typeof turn?.content === "string");

/** The turns that both share, and what each says after them. */
function implicitPrompt(chosen: Message[], rejected: Message[]) {
  let shared = 0;
  while (shared < Math.min(chosen.length, rejected.length) && same(chosen[shared]!, rejected[shared]!)) shared++;
  if (shared === chosen.length && shared === rejected.length) throw new Error("rejected is the same as chosen");
  if (shared === 0) throw new Error("chosen and rejected share no turn, so there is no prompt");
  if (shared === chosen.length || shared === rejected.length)
    throw new Error("one of chosen and rejected ends where the other goes on");
  return { prompt: chosen.slice(0, shared), chosen: chosen.slice(shared), rejected: rejected.slice(shared) };
}

const same = (a: Message, b: Message) => a.role === b.role && a.content === b.content;

const speaker = /\n\n(Human|Assistant): ?/;
const isTranscript = (value: unknown): value is string =>
  typeof value === "string" && value.startsWith("\n\nHuman:") && value.includes("\n\nAssistant:");

/** "\n\nHuman: …\n\nAssistant: …" as messages. */
function turns(transcript: string): Message[] {
  const [, ...parts] = transcript.split(speaker);
  return Array.from({ length: parts.length / 2 }, (_, i) => ({
    role: parts[2 * i] === "Human" ? "user" : "assistant",
    content: parts[2 * i + 1]!.trim(),
  }));
}

function winner(row: Row): "a" | "b" {
  const { winner: name, winner_model_a: a, winner_model_b: b } = row;
  if (name === "model_a" || a === 1) return "a";
  if (name === "model_b" || b === 1) return "b";
  throw new Error("is a tie, which gives no pair");
}
