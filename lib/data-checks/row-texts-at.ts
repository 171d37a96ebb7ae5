// The texts of a record by where they stand in it, for people to mend: whatever its layout, only what somebody or a model wrote.
import { isRecord } from "../../common/json";

export type At = (string | number)[];
export interface TextAt {
  at: At;
  text: string;
}

/** What names something or someone, and is not read by a model. */
const names = new Set(["role", "from", "id", "tool_call_id", "type", "source", "model", "name"]);

export function textsIn(value: unknown, at: At = []): TextAt[] {
  if (typeof value === "string") return at.length > 0 && !names.has(String(at.at(-1))) ? [{ at, text: value }] : [];
  if (Array.isArray(value)) return value.flatMap((one, i) => textsIn(one, [...at, i]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, one]) => textsIn(one, [...at, name]));
}

/** The record with another text there. Throws where it has none. */
export function withText(value: unknown, [first, ...rest]: At, text: string): unknown {
  if (first === undefined) {
    if (typeof value !== "string") throw new Error("there is no text");
    return text;
  }
  if (Array.isArray(value) && typeof first === "number" && first < value.length)
    return value.map((one, i) => (i === first ? withText(one, rest, text) : (one as unknown)));
  if (isRecord(value) && Object.hasOwn(value, first))
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, name === first ? withText(one, rest, text) : one]),
    );
  throw new Error(`there is no ${first}`);
}
