// Messages as Transformers 5.23 hands them to a chat template.
import type { Message } from "../../spec/chat";

const reasoningFields = ["reasoning_content", "thinking", "reasoning"];

/** A field that is null is missing; reasoning, under whichever of its names, has the two that templates read. */
export function templateMessages(messages: Message[]): Record<string, unknown>[] {
  return messages.map((turn) => {
    const given = Object.fromEntries(Object.entries(turn).filter(([, value]) => value !== null && value !== undefined));
    const name = reasoningFields.find((field) => given[field] !== undefined);
    if (name === undefined) return given;
    return { thinking: given[name], ...given, reasoning_content: given[name] };
  });
}
