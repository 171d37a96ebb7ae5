// Python's values as templates see them: what is true, what is equal, what comes first, and how each is written. Whole numbers are JavaScript's
// numbers, others have a type of their own, since Python writes 2 and 2.0 apart.

export class Float {
  constructor(readonly number: number) {}
}
export class Tuple {
  constructor(readonly items: Value[]) {}
}
/** What a filter gives that Python computes while it is iterated: it has no length. */
export class Lazy {
  constructor(readonly items: Value[]) {}
}
/** What was said to be safe, or was escaped, for HTML: what is added to it is escaped, as Transformers does too. */
export class Markup {
  constructor(readonly html: string) {}
}
/** A name that stands for nothing, and how it was asked for. */
export class Undefined {
  constructor(readonly why: string) {}
}
/** An object whose attributes a template reads, and of a namespace sets. */
export class Attributes {
  constructor(
    readonly of: Map<string, Value>,
    readonly kind: "namespace" | "loop",
  ) {}
}
export type Named = Map<string, Value>;
export type Callable = (args: Value[], named: Named) => Value;
export type Value =
  | null
  | boolean
  | number
  | string
  | Float
  | Value[]
  | Tuple
  | Lazy
  | Markup
  | Dict
  | Attributes
  | Undefined
  | Callable;
export type Dict = Map<Value, Value>;

/** What JSON holds, as Python reads it. A number without a fraction is whole: JSON.parse does not tell 2.0 from 2. */
export function fromJson(value: unknown): Value {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isInteger(value) ? value : new Float(value);
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value === "object")
    return new Map(Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : [[key, fromJson(one)]])));
  throw new Error(`a template cannot be given ${typeof value}`);
}

export const numberOf = (value: Value): number | null =>
  typeof value === "number"
    ? value
    : typeof value === "boolean"
      ? Number(value)
      : value instanceof Float
        ? value.number
        : null;

export function isTrue(value: Value): boolean {
  if (value === null || value === false || value === "" || value instanceof Undefined) return false;
  if (value instanceof Markup) return value.html !== "";
  const number = numberOf(value);
  if (number !== null) return number !== 0;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Tuple) return value.items.length > 0;
  return value instanceof Map ? value.size > 0 : true;
}

export const typeName = (value: Value): string => {
  if (value === null) return "NoneType";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return "int";
  if (typeof value === "string") return "str";
  if (value instanceof Float) return "float";
  if (Array.isArray(value)) return "list";
  if (value instanceof Tuple) return "tuple";
  if (value instanceof Lazy) return "generator";
  if (value instanceof Markup) return "Markup";
  if (value instanceof Map) return "dict";
  if (value instanceof Undefined) return "Undefined";
  return value instanceof Attributes ? value.kind : "function";
};

/** Python counts characters, JavaScript halves of those beyond the first plane. */
export const characters = (text: string): string[] => (/[\ud800-\udbff]/.test(text) ? [...text] : text.split(""));

/** What iterating it gives; a name that stands for nothing gives nothing. */
export function itemsOf(value: Value): Value[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple || value instanceof Lazy) return value.items;
  if (value instanceof Map) return [...value.keys()];
  if (typeof value === "string") return characters(value);
  if (value instanceof Undefined) return [];
  throw new Error(`'${typeName(value)}' object is not iterable`);
}

export function lengthOf(value: Value): number {
  if (value instanceof Lazy || (typeof value !== "string" && !(value instanceof Undefined) && !isContainer(value)))
    throw new Error(`object of type '${typeName(value)}' has no len()`);
  return itemsOf(value).length;
}

const isContainer = (value: Value) => Array.isArray(value) || value instanceof Tuple || value instanceof Map;

export function isEqual(a: Value, b: Value): boolean {
  const [one, other] = [numberOf(a), numberOf(b)];
  if (one !== null && other !== null) return one === other;
  const [left, right] = [listed(a), listed(b)];
  if (left && right)
    return (
      typeName(a) === typeName(b) && left.length === right.length && left.every((item, i) => isEqual(item, right[i]!))
    );
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, item]) => b.has(key) && isEqual(item, b.get(key)!));
  if (a instanceof Undefined) return b instanceof Undefined;
  if (a instanceof Markup || b instanceof Markup) return [a, b].every(isText) && text(a) === text(b);
  return a === b;
}

const isText = (value: Value) => typeof value === "string" || value instanceof Markup;

/** What a list or a tuple holds; null of anything else. */
export const listed = (value: Value): Value[] | null =>
  Array.isArray(value) ? value : value instanceof Tuple ? value.items : null;

/** Below 0 where `a` comes first. */
export function order(a: Value, b: Value): number {
  const [one, other] = [numberOf(a), numberOf(b)];
  if (one !== null && other !== null) return one - other;
  if (typeof a === "string" && typeof b === "string") return orderOfTexts(characters(a), characters(b));
  const [left, right] = [listed(a), listed(b)];
  if (!left || !right || typeName(a) !== typeName(b))
    throw new Error(`'<' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
  const at = left.findIndex((item, i) => i >= right.length || !isEqual(item, right[i]!));
  return at < 0 || at >= right.length ? left.length - right.length : order(left[at]!, right[at]!);
}

function orderOfTexts(a: string[], b: string[]): number {
  const at = a.findIndex((character, i) => character !== b[i]);
  if (at < 0 || at >= b.length) return a.length - b.length;
  return a[at]!.codePointAt(0)! - b[at]!.codePointAt(0)!;
}

/** As print writes it. */
export function text(value: Value): string {
  if (typeof value === "string") return value;
  if (value instanceof Markup) return value.html;
  return value instanceof Undefined ? "" : written(value);
}

/** As it stands within a list. */
export function written(value: Value): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return String(value);
  if (value instanceof Float) return floatText(value.number);
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  if (value instanceof Tuple) return `(${value.items.map(written).join(", ")}${value.items.length === 1 ? "," : ""})`;
  if (value instanceof Map)
    return `{${[...value].map(([key, item]) => `${written(key)}: ${written(item)}`).join(", ")}}`;
  if (value instanceof Undefined) return "Undefined";
  throw new Error(`a ${typeName(value)} cannot be written out`);
}

const escapes: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function quoted(value: string): string {
  const mark = value.includes("'") && !value.includes('"') ? '"' : "'";
  const inner = [...value].map((character) => {
    if (character === mark) return `\\${mark}`;
    return (
      escapes[character] ?? (/[\p{C}\p{Z}]/u.test(character) && character !== " " ? escaped(character) : character)
    );
  });
  return mark + inner.join("") + mark;
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!;
  const [letter, width] = code < 256 ? ["x", 2] : code < 65536 ? ["u", 4] : ["U", 8];
  return `\\${letter}${code.toString(16).padStart(width as number, "0")}`;
}

/** Python's repr: the shortest digits that read back alike, with an exponent from 1e16 and below 1e-4. */
export function floatText(number: number): string {
  if (Number.isNaN(number)) return "nan";
  if (!Number.isFinite(number)) return number > 0 ? "inf" : "-inf";
  if (Object.is(number, -0)) return "-0.0";
  const size = Math.abs(number);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    const [digits, exponent] = number.toExponential().split("e") as [string, string];
    return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
  }
  return Number.isInteger(number) ? `${number}.0` : String(number);
}

const marks: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };

/** For HTML, but what is safe already. */
export const escapedText = (value: Value): string =>
  value instanceof Markup ? value.html : text(value).replace(/[&<>"']/g, (mark) => marks[mark]!);
