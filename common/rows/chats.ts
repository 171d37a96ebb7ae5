// Conversations whose turns are marked within texts: glaive's function calling, and MOSS's.
import { isRecord } from "../json";
import type { Columns, Layout } from "./layout";
import { toolCalls } from "./typed-parts";

const glaiveTurn = /(?:^|\n)\s*(USER|ASSISTANT|FUNCTION RESPONSE): ?/;
const glaiveRoles: Record<string, string> = { USER: "user", ASSISTANT: "assistant", "FUNCTION RESPONSE": "tool" };

/** "USER: … ASSISTANT: … FUNCTION RESPONSE: …" in one text, with what may be called in the system text. */
export function glaive({ system, chat }: Columns): Layout | null {
  if (typeof chat !== "string" || !/^\s*USER:/.test(chat)) return null;
  const [, ...parts] = chat.split(glaiveTurn);
  const messages = Array.from({ length: parts.length / 2 }, (_, i) =>
    glaiveMessage(glaiveRoles[parts[2 * i]!]!, parts[2 * i + 1]!.replaceAll("<|endoftext|>", "").trim()),
  );
  const told = typeof system === "string" ? { system: system.replace(/^\s*SYSTEM: ?/, "").trim() } : {};
  return { name: "glaive", uses: ["system", "chat"], row: { ...told, messages } };
}

/** A call has its arguments as JSON within single quotes. */
function glaiveMessage(role: string, text: string): Columns {
  const [said = "", call] = text.split("<functioncall>");
  if (role !== "assistant" || call === undefined) return { role, content: text };
  const json = call.trim().replace(/("arguments":\s*)'([\s\S]*)'(\s*\})$/, "$1$2$3");
  return { role, content: said.trim() || null, tool_calls: toolCalls(json, "chat") };
}

/** What MOSS may do besides answering; "None" where it does not. */
const mossInside = ["Inner Thoughts", "Commands", "Tool Responses"];
const withoutMarks = (text: string) =>
  text
    .replace(/^<\|[^|]+\|>: ?/, "")
    .replace(/<eo[a-z]>\s*$/, "")
    .trim();

/** `chat` with `turn_1`, `turn_2` and so on, each with what the person says and what MOSS does. */
export function moss({ chat, meta_instruction: meta }: Columns): Layout | null {
  if (!isRecord(chat)) return null;
  const named = Object.entries(chat).flatMap(([name, turn]) => {
    const number = Number(/^turn_(\d+)$/.exec(name)?.[1]);
    return Number.isNaN(number) || !isRecord(turn) ? [] : [{ number, turn }];
  });
  if (named.length === 0) return null;
  const turns = named.sort((a, b) => a.number - b.number).map(({ turn }) => turn);
  const acts = turns.some((turn) => mossInside.some((name) => doesAnything(turn[name])));
  return {
    name: "MOSS",
    uses: ["chat", "meta_instruction"],
    row: {
      ...(typeof meta === "string" && { system: meta.trim() }),
      messages: turns.flatMap((turn) => [said("user", turn.Human), said("assistant", turn.MOSS)]),
    },
    ...(acts && { remark: "inner thoughts, commands and what tools answer are left out" }),
  };
}

const doesAnything = (text: unknown) => typeof text === "string" && withoutMarks(text) !== "None";
const said = (role: string, text: unknown): Columns => ({
  role,
  content: typeof text === "string" ? withoutMarks(text) : text,
});
