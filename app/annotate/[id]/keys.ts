// One key is side and strength at once.
import type { Choice } from "@/lib/judgements/schema";

const words = ["barely", "slightly", "clearly", "much"] as const;

export const sides = [
  { key: "1", side: "left", strength: 4 },
  { key: "2", side: "left", strength: 3 },
  { key: "3", side: "left", strength: 2 },
  { key: "4", side: "left", strength: 1 },
  { key: "5", side: "right", strength: 1 },
  { key: "6", side: "right", strength: 2 },
  { key: "7", side: "right", strength: 3 },
  { key: "8", side: "right", strength: 4 },
] as const;

export const others = [
  { key: "9", kind: "tie", label: "Tie" },
  { key: "0", kind: "both_bad", label: "Both bad" },
  { key: "s", kind: "skip", label: "Skip" },
] as const;

export const strengthWord = (strength: number) => words[strength - 1] ?? "";

export function choiceForKey(key: string): Choice | null {
  const side = sides.find((s) => s.key === key);
  if (side) return { kind: side.side, strength: side.strength };
  const other = others.find((o) => o.key === key);
  return other ? { kind: other.kind } : null;
}

export function sayChoice(choice: Choice): string {
  if (choice.kind === "left" || choice.kind === "right")
    return `${choice.kind === "left" ? "A" : "B"} ${strengthWord(choice.strength)} better`;
  if (choice.kind === "flag") return `Flagged: ${choice.reason}`;
  return others.find(({ kind }) => kind === choice.kind)?.label ?? choice.kind;
}
