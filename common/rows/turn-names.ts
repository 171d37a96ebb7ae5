// What the turns of conversations call their fields and those who speak, so that somebody can say what is meant by them.
import { isRecord } from "../json";

export interface TurnNames {
  /** Fields that hold texts. */
  fields: string[];
  /** Which of them are taken to say who speaks, and what is said. */
  role: string;
  content: string;
  /** Everybody who speaks, by the name that is used. */
  speakers: string[];
}

/** More names than this are no roles. */
const mostSpeakers = 12;
const usual = [
  ["role", "content"],
  ["from", "value"],
] as const;

/** Null where no column holds a list of turns. With more than one way to read them, by the first that fits. */
export function turnNames(rows: unknown[]): TurnNames | null {
  const turns = rows.filter(isRecord).flatMap((row) => Object.values(row).flatMap(turnsIn));
  const texts = new Map<string, string[]>();
  for (const turn of turns)
    for (const [name, value] of Object.entries(turn))
      if (typeof value === "string") texts.set(name, [...(texts.get(name) ?? []), value]);
  const fields = [...texts.keys()].filter((name) => texts.get(name)!.length * 2 > turns.length);
  if (fields.length < 2) return null;
  const distinct = (name: string) => new Set(texts.get(name)).size;
  const named = usual.find(([role, content]) => texts.has(role) && texts.has(content));
  const [role, content] = named ?? [
    fields.reduce((least, name) => (distinct(name) < distinct(least) ? name : least)),
    fields.reduce((most, name) => (distinct(name) > distinct(most) ? name : most)),
  ];
  if (distinct(role) > mostSpeakers || role === content) return null;
  return { fields, role, content, speakers: [...new Set(texts.get(role))] };
}

const turnsIn = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) && value.length > 0 && value.every(isRecord) ? value : [];
