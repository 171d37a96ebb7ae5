// Numbers and labels of rows. A CSV file has nothing but text, and other files often hold numbers as text too.
import { kindOf } from "./messages";

/** A number, or its text. Throws where it is neither. */
export function readNumber(value: unknown, name: string): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw new Error(
    `${name} is ${typeof value === "string" ? "a text that is no number" : kindOf(value)}; a number is expected`,
  );
}

const good = ["true", "1", "yes", "good", "desirable", "chosen"];
const bad = ["false", "0", "-1", "no", "bad", "undesirable", "rejected"];

/** Whether an answer is a good one: true or false, 1 or 0, or their text. */
export function readLabel(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  const text = typeof value === "string" || typeof value === "number" ? String(value).trim().toLowerCase() : "";
  if (good.includes(text) || Number(text) === 1) return true;
  if (bad.includes(text) || (text !== "" && Number(text) === 0)) return false;
  throw new Error(`label is ${kindOf(value)} that says neither; true or false is expected (or 1 or 0, good or bad)`);
}
