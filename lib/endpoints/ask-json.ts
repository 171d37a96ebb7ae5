// A question that is to be answered with a JSON object: asked once more, with what is wrong, where the answer cannot be read.
import type { z } from "zod";
import type { Message } from "../../spec/chat";
import type { Endpoint } from "../db/tables/endpoints";
import { ask } from "./ask";

/** What an answer says, or what is wrong with it. */
type Read<T> = (text: string) => T | { problem: string };

/** `longest`: in tokens. Null where neither answer could be read; `cost` is of both, in dollars. */
export async function askJson<T extends object>(
  endpoint: Endpoint,
  messages: Message[],
  longest: number,
  read: Read<T>,
  signal?: AbortSignal,
): Promise<{ said: T | null; cost: number }> {
  const asked = { max_tokens: longest, temperature: 0 };
  const answer = await ask(endpoint, { ...asked, messages }, signal);
  const said = read(answer.text);
  if (!("problem" in said)) return { said, cost: answer.cost };
  const problem = answer.ended ? said.problem : `it was not finished within ${longest} tokens`;
  const repair: Message[] = [
    ...messages,
    { role: "assistant", content: answer.text },
    {
      role: "user",
      content: `This cannot be read: ${problem}. Send the JSON object again, as described, and nothing else.`,
    },
  ];
  const again = await ask(endpoint, { ...asked, messages: repair }, signal);
  const repaired = read(again.text);
  return { said: "problem" in repaired ? null : repaired, cost: answer.cost + again.cost };
}

/** The object in a text as the schema has it, or what is wrong with it. */
export function objectIn<T>(text: string, schema: z.ZodType<T>): { object: T } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(withoutFence(text));
  } catch {
    return { problem: "it is no JSON object" };
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) return { object: data };
  const { path, message } = error.issues[0]!;
  return { problem: `${path.join(".") || "the object"}: ${message}` };
}

/** Models like to fence what they were asked to send bare. */
const withoutFence = (text: string) => /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/.exec(text)?.[1] ?? text;
