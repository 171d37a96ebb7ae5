// Methods of Python's texts, dicts and lists that change nothing: templates run in a sandbox that refuses the others.
import { isIn } from "./operators";
import {
  type Callable,
  characters,
  type Dict,
  isEqual,
  itemsOf,
  type Named,
  Tuple,
  text,
  typeName,
  type Value,
} from "./values";

type Method<Of> = (of: Of, args: Value[], named: Named) => Value;

const spaces = "\t\n\v\f\r\u001c-\u001f \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";
const space = new RegExp(`[${spaces}]`);
const ends = "\n\r\v\f\u001c-\u001e\u0085\u2028\u2029";
const lineEnd = new RegExp(`\r\n|[${ends}]`);

const isSpace = (character: string) => space.test(character);

/** str.strip and its sides: what is taken off is a set of characters, white space where none is named. */
export function stripped(value: string, chars: Value, sides: "both" | "left" | "right"): string {
  const set = chars === null ? null : characters(textIn(chars, "strip arg"));
  const goes = (character: string) => (set ? set.includes(character) : isSpace(character));
  const all = characters(value);
  let [from, to] = [0, all.length];
  if (sides !== "right") while (from < to && goes(all[from]!)) from++;
  if (sides !== "left") while (to > from && goes(all[to - 1]!)) to--;
  return all.slice(from, to).join("");
}

function textIn(value: Value | undefined, what: string): string {
  if (typeof value !== "string") throw new Error(`${what} must be str, not ${typeName(value ?? null)}`);
  return value;
}
const wholeIn = (value: Value | undefined, otherwise: number): number =>
  typeof value === "number" ? value : otherwise;

function split(value: string, [by, most]: Value[], named: Named): string[] {
  const separator = by ?? named.get("sep") ?? null;
  const limit = wholeIn(most ?? named.get("maxsplit"), -1);
  if (separator === null) return splitAtSpaces(value, limit);
  const mark = textIn(separator, "sep");
  if (mark === "") throw new Error("empty separator");
  const parts = value.split(mark);
  return limit < 0 || parts.length <= limit + 1 ? parts : [...parts.slice(0, limit), parts.slice(limit).join(mark)];
}

function splitAtSpaces(value: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = stripped(value, null, "left");
  while (rest !== "" && (limit < 0 || parts.length < limit)) {
    const at = rest.search(space);
    if (at < 0) break;
    parts.push(rest.slice(0, at));
    rest = stripped(rest.slice(at), null, "left");
  }
  return rest === "" ? parts : [...parts, limit < 0 ? stripped(rest, null, "right") : rest];
}

function splitFromRight(value: string, args: Value[], named: Named): string[] {
  const limit = wholeIn(args[1] ?? named.get("maxsplit"), -1);
  if (limit < 0) return split(value, args, named);
  const mark = textIn(args[0] ?? named.get("sep"), "sep");
  const parts = value.split(mark);
  const cut = Math.max(0, parts.length - limit);
  return cut <= 1 ? parts : [parts.slice(0, cut).join(mark), ...parts.slice(cut)];
}

/** Python's lines end at more than \n; `keepends` is not asked for by templates. */
const lines = (value: string) => {
  const parts = value.split(lineEnd);
  return parts.at(-1) === "" ? parts.slice(0, -1) : parts;
};

const begins = (given: Value, is: (part: string) => boolean): boolean =>
  (given instanceof Tuple ? given.items : [given]).some((part) => is(textIn(part, "arg")));

function partition(value: string, mark: Value | undefined, from: "left" | "right"): Tuple {
  const by = textIn(mark, "sep");
  const at = from === "left" ? value.indexOf(by) : value.lastIndexOf(by);
  if (at < 0) return new Tuple(from === "left" ? [value, "", ""] : ["", "", value]);
  return new Tuple([value.slice(0, at), by, value.slice(at + by.length)]);
}

/** Where it begins, in characters. */
const placeOf = (value: string, at: number) => (at < 0 ? -1 : characters(value.slice(0, at)).length);

export const capitalized = (value: string) => {
  const [first = "", ...rest] = characters(value);
  return first.toUpperCase() + rest.join("").toLowerCase();
};

/** `{}`, `{0}` and `{name}`; what stands in them after : or ! is refused. */
function format(pattern: string, args: Value[], named: Named): string {
  let next = 0;
  return pattern.replace(/\{\{|\}\}|\{([^{}]*)\}/g, (found, field?: string) => {
    if (found === "{{" || found === "}}") return found[0]!;
    if (!/^\w*$/.test(field!)) throw new Error(`format's {${field}} is not supported in a template`);
    const value = field === "" ? args[next++] : /^\d+$/.test(field!) ? args[Number(field)] : named.get(field!);
    if (value === undefined) throw new Error(`format has nothing for {${field}}`);
    return text(value);
  });
}

function replaced(value: string, [old, by, most]: Value[], named: Named): string {
  const [from, to] = [textIn(old, "old"), textIn(by, "new")];
  const limit = wholeIn(most ?? named.get("count"), -1);
  if (limit < 0) return value.split(from).join(to);
  const parts = value.split(from);
  return (
    parts.slice(0, limit + 1).join(to) +
    parts
      .slice(limit + 1)
      .map((part) => from + part)
      .join("")
  );
}

const every = (value: string, pattern: RegExp) => value !== "" && characters(value).every((one) => pattern.test(one));
const cased = (value: string, as: string) => value === as && value.toLowerCase() !== value.toUpperCase();
const pad = (value: string, [width, fill = " "]: Value[], share: number) => {
  const missing = Math.max(0, wholeIn(width, 0) - characters(value).length);
  const left =
    Math.floor(missing * share) + (share === 0.5 && missing % 2 === 1 && wholeIn(width, 0) % 2 === 1 ? 1 : 0);
  return textIn(fill, "fill").repeat(left) + value + textIn(fill, "fill").repeat(missing - left);
};

const ofText: Record<string, Method<string>> = {
  strip: (of, [chars = null]) => stripped(of, chars, "both"),
  lstrip: (of, [chars = null]) => stripped(of, chars, "left"),
  rstrip: (of, [chars = null]) => stripped(of, chars, "right"),
  split,
  rsplit: splitFromRight,
  splitlines: lines,
  partition: (of, [mark]) => partition(of, mark, "left"),
  rpartition: (of, [mark]) => partition(of, mark, "right"),
  startswith: (of, [part = null]) => begins(part, (one) => of.startsWith(one)),
  endswith: (of, [part = null]) => begins(part, (one) => of.endsWith(one)),
  removeprefix: (of, [part]) => (of.startsWith(textIn(part, "prefix")) ? of.slice((part as string).length) : of),
  removesuffix: (of, [part]) =>
    part !== "" && of.endsWith(textIn(part, "suffix")) ? of.slice(0, of.length - (part as string).length) : of,
  find: (of, [part]) => placeOf(of, of.indexOf(textIn(part, "sub"))),
  rfind: (of, [part]) => placeOf(of, of.lastIndexOf(textIn(part, "sub"))),
  index(of, [part]) {
    const at = of.indexOf(textIn(part, "sub"));
    if (at < 0) throw new Error("substring not found");
    return placeOf(of, at);
  },
  count: (of, [part]) => (part === "" ? characters(of).length + 1 : of.split(textIn(part, "sub")).length - 1),
  replace: replaced,
  upper: (of) => of.toUpperCase(),
  lower: (of) => of.toLowerCase(),
  casefold: (of) => of.toLowerCase().replaceAll("ß", "ss"),
  title: (of) => of.replace(/\p{L}+/gu, capitalized),
  capitalize: capitalized,
  swapcase: (of) =>
    characters(of)
      .map((one) => (one === one.toUpperCase() ? one.toLowerCase() : one.toUpperCase()))
      .join(""),
  join: (of, [items = null]) =>
    itemsOf(items)
      .map((one) => textIn(one, "each item"))
      .join(of),
  format,
  isdigit: (of) => every(of, /[\p{Nd}\p{No}]/u),
  isdecimal: (of) => every(of, /\p{Nd}/u),
  isnumeric: (of) => every(of, /\p{N}/u),
  isalpha: (of) => every(of, /\p{L}/u),
  isalnum: (of) => every(of, /[\p{L}\p{N}]/u),
  isspace: (of) => every(of, space),
  isupper: (of) => cased(of, of.toUpperCase()),
  islower: (of) => cased(of, of.toLowerCase()),
  center: (of, args) => pad(of, args, 0.5),
  ljust: (of, args) => pad(of, args, 0),
  rjust: (of, args) => pad(of, args, 1),
  zfill: (of, [width]) =>
    /^[+-]/.test(of) ? of[0] + pad(of.slice(1), [wholeIn(width, 0) - 1, "0"], 1) : pad(of, [width ?? 0, "0"], 1),
};

const ofDict: Record<string, Method<Dict>> = {
  items: (of) => [...of].map((pair) => new Tuple(pair)),
  keys: (of) => [...of.keys()],
  values: (of) => [...of.values()],
  get: (of, [key = null, otherwise = null]) => of.get(key) ?? (of.has(key) ? null : otherwise),
  copy: (of) => new Map(of),
};

const ofList: Record<string, Method<Value[]>> = {
  index(of, [item = null]) {
    const at = of.findIndex((one) => isEqual(one, item));
    if (at < 0) throw new Error("the item is not in the list");
    return at;
  },
  count: (of, [item = null]) => of.filter((one) => isEqual(one, item)).length,
  copy: (of) => [...of],
};

const changes: Record<string, string[]> = {
  dict: ["clear", "pop", "popitem", "setdefault", "update"],
  list: ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"],
};

/** A method, bound; undefined where the value has none of that name. */
export function methodOf(of: Value, name: string): Callable | undefined {
  if (isIn(name, changes[typeName(of)] ?? []))
    return () => {
      throw new Error(`access to ${name} of a ${typeName(of)} is unsafe: a template may not change what it is given`);
    };
  if (typeof of === "string") return bound(ofText, of, name);
  if (of instanceof Map) return bound(ofDict, of, name);
  if (Array.isArray(of)) return bound(ofList, of, name);
  return of instanceof Tuple && name !== "copy" ? bound(ofList, of.items, name) : undefined;
}

const bound = <Of>(methods: Record<string, Method<Of>>, of: Of, name: string): Callable | undefined =>
  Object.hasOwn(methods, name) ? (args, named) => methods[name]!(of, args, named) : undefined;
