// Jinja's filters, as far as chat templates use them; any other is refused by name.
import { toJson } from "./json";
import { capitalized, stripped } from "./methods";
import { binary } from "./operators";
import { testNamed } from "./tests";
import {
  type Dict,
  escapedText,
  Float,
  isEqual,
  isTrue,
  itemsOf,
  Lazy,
  lengthOf,
  Markup,
  type Named,
  numberOf,
  order,
  Tuple,
  text,
  Undefined,
  type Value,
} from "./values";

type Filter = (value: Value, args: Value[], named: Named, attribute: (of: Value, name: Value) => Value) => Value;
type Attribute = Parameters<Filter>[3];

/** "a.b.0" reads one after the other. */
const read = (value: Value, path: Value, attribute: Attribute): Value =>
  typeof path === "number"
    ? attribute(value, path)
    : text(path)
        .split(".")
        .reduce<Value>((of, name) => attribute(of, /^\d+$/.test(name) ? Number(name) : name), value);

/** The four that keep or drop: by an attribute or the item itself, by a test or by what is true. */
function chosen(keeps: boolean, byAttribute: boolean): Filter {
  return (value, args, _, attribute) => {
    const [path, test, ...rest] = byAttribute ? args : [null, ...args];
    const holds = (item: Value): boolean => {
      const tested = byAttribute ? read(item, path ?? null, attribute) : item;
      return test === undefined ? isTrue(tested) : testNamed(text(test))(tested, rest);
    };
    return new Lazy(isTrue(value) ? itemsOf(value).filter((item) => holds(item) === keeps) : []);
  };
}

const folded = (value: Value, sensitive: boolean): Value =>
  typeof value === "string" && !sensitive ? value.toLowerCase() : value;

const sort: Filter = (value, args, named, attribute) => {
  const [reverse, sensitive] = ["reverse", "case_sensitive"].map((name, i) =>
    isTrue(named.get(name) ?? args[i] ?? false),
  );
  const path = named.get("attribute") ?? args[2] ?? null;
  const keys = (item: Value): Value[] =>
    path === null
      ? [folded(item, sensitive!)]
      : text(path)
          .split(",")
          .map((one) => folded(read(item, one, attribute), sensitive!));
  const by = (a: Value, b: Value) => order(keys(a), keys(b));
  const items = [...itemsOf(value)];
  return reverse
    ? items
        .reverse()
        .sort((a, b) => by(b, a))
        .reverse()
        .sort((a, b) => by(b, a))
    : items.sort(by);
};

const extreme =
  (sign: 1 | -1): Filter =>
  (value, args, named, attribute) => {
    const path = named.get("attribute") ?? args[1] ?? null;
    const key = (item: Value) =>
      folded(
        path === null ? item : read(item, path, attribute),
        isTrue(named.get("case_sensitive") ?? args[0] ?? false),
      );
    const items = itemsOf(value);
    if (items.length === 0) return new Undefined("No aggregated item, sequence was empty.");
    return items.reduce((best, item) => (sign * order(key(item), key(best)) < 0 ? item : best));
  };

const map: Filter = (value, [name, ...rest], named, attribute) => {
  if (!isTrue(value)) return new Lazy([]);
  const path = named.get("attribute");
  if (path === undefined) {
    const filter = filterNamed(text(name ?? null));
    return new Lazy(itemsOf(value).map((item) => filter(item, rest, named, attribute)));
  }
  const otherwise = named.get("default");
  const reads = (item: Value) => {
    const found = read(item, path, attribute);
    return found instanceof Undefined && otherwise !== undefined ? otherwise : found;
  };
  return new Lazy(itemsOf(value).map(reads));
};

const whole: Filter = (value, [otherwise = 0]) => {
  const number =
    typeof value === "string"
      ? /^\s*[+-]?(\d+(\.\d*)?|\.\d+)\s*$/.test(value)
        ? Number(value)
        : null
      : numberOf(value);
  return number === null ? otherwise : Math.trunc(number);
};
const float: Filter = (value, [otherwise = new Float(0)]) => {
  const number =
    typeof value === "string" ? (value.trim() === "" ? Number.NaN : Number(value)) : (numberOf(value) ?? Number.NaN);
  return Number.isNaN(number) ? otherwise : new Float(number);
};

/** To even where it is halfway, as Python rounds. */
const round: Filter = (value, args, named) => {
  const [digits, method] = [
    numberOf(args[0] ?? named.get("precision") ?? 0)!,
    args[1] ?? named.get("method") ?? "common",
  ];
  const scaled = numberOf(value)! * 10 ** digits;
  if (method === "ceil") return new Float(Math.ceil(scaled) / 10 ** digits);
  if (method === "floor") return new Float(Math.floor(scaled) / 10 ** digits);
  const even = Math.abs(scaled % 1) === 0.5 ? 2 * Math.round(scaled / 2) : Math.round(scaled);
  return new Float(even / 10 ** digits);
};

const indent: Filter = (value, args, named) => {
  const width = args[0] ?? named.get("width") ?? 4;
  const [first, blank] = ["first", "blank"].map((name, i) => isTrue(args[i + 1] ?? named.get(name) ?? false));
  const by = typeof width === "string" ? width : " ".repeat(numberOf(width)!);
  const [head = "", ...rest] = text(value).split("\n");
  return (first ? by : "") + [head, ...rest.map((line) => (line === "" && !blank ? line : by + line))].join("\n");
};

const escaped: Filter = (value) => new Markup(escapedText(value));
const isDefault: Filter = (value, args, named) => {
  const [otherwise = named.get("default_value"), falsy = named.get("boolean") ?? false] = args;
  const isMissing = value instanceof Undefined || (isTrue(falsy) && !isTrue(value));
  return isMissing ? (otherwise === undefined ? "" : otherwise) : value;
};

const grouped: Filter = (value, args, named, attribute) => {
  const path = args[0] ?? named.get("attribute") ?? null;
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sort(value, [], new Map([["attribute", path]]), attribute) as Value[]) {
    const key = read(item, path, attribute);
    const last = groups.at(-1);
    if (last && isEqual(last.key, key)) last.items.push(item);
    else groups.push({ key, items: [item] });
  }
  return groups.map(({ key, items }) => new Tuple([key, items]));
};

const sortedItems: Filter = (value, args, named) => {
  const [sensitive, by, reverse] = [
    isTrue(args[0] ?? false),
    text(args[1] ?? named.get("by") ?? "key"),
    isTrue(named.get("reverse") ?? args[2] ?? false),
  ];
  const key = ([name, item]: [Value, Value]) => folded(by === "value" ? item : name, sensitive);
  const pairs = [...(value as Dict)].sort((a, b) => order(key(a), key(b)));
  return (reverse ? pairs.reverse() : pairs).map((pair) => new Tuple(pair));
};

const unique: Filter = (value) => {
  const seen: Value[] = [];
  const isNew = (item: Value) => {
    const key = folded(item, false);
    const known = seen.some((one) => isEqual(one, key));
    if (!known) seen.push(key);
    return !known;
  };
  return new Lazy(itemsOf(value).filter(isNew));
};

function endOf(value: Value, at: 0 | -1, which: string): Value {
  const item = itemsOf(value).at(at);
  return item === undefined ? new Undefined(`No ${which} item, sequence was empty.`) : item;
}

const count: Filter = (value) => lengthOf(value);
const filters: Record<string, Filter> = {
  abs: (value) => (value instanceof Float ? new Float(Math.abs(value.number)) : Math.abs(numberOf(value)!)),
  capitalize: (value) => capitalized(text(value)),
  ...{ count, length: count, d: isDefault, default: isDefault, e: escaped, escape: escaped },
  dictsort: sortedItems,
  first: (value) => endOf(value, 0, "first"),
  float,
  groupby: grouped,
  indent,
  int: whole,
  items(value) {
    if (value instanceof Undefined) return new Lazy([]);
    if (!(value instanceof Map)) throw new Error("Can only get item pairs from a mapping.");
    return new Lazy([...value].map((pair) => new Tuple(pair)));
  },
  join(value, args, named, attribute) {
    const path = args[1] ?? named.get("attribute");
    const items = itemsOf(value).map((item) => (path === undefined ? item : read(item, path, attribute)));
    return items.map(text).join(text(args[0] ?? named.get("d") ?? ""));
  },
  last: (value) => endOf(value, -1, "last"),
  list: (value) => [...itemsOf(value)],
  lower: (value) => text(value).toLowerCase(),
  map,
  max: extreme(-1),
  min: extreme(1),
  reject: chosen(false, false),
  rejectattr: chosen(false, true),
  replace(value, args, named) {
    const [old, by, most] = [
      args[0] ?? named.get("s") ?? "",
      args[1] ?? named.get("new") ?? "",
      args[2] ?? named.get("count") ?? null,
    ];
    const parts = text(value).split(text(old));
    const limit = most === null ? parts.length : numberOf(most)!;
    return parts.slice(1).reduce((all, part, i) => all + (i < limit ? text(by) : text(old)) + part, parts[0]!);
  },
  reverse: (value) =>
    typeof value === "string" ? [...value].reverse().join("") : new Lazy([...itemsOf(value)].reverse()),
  round,
  safe: (value) => new Markup(text(value)),
  select: chosen(true, false),
  selectattr: chosen(true, true),
  sort,
  string: (value) => text(value),
  sum(value, args, named, attribute) {
    const path = named.get("attribute") ?? args[0] ?? null;
    const items = itemsOf(value).map((item) => (path === null ? item : read(item, path, attribute)));
    return items.reduce((all, item) => binary("+", all, item), named.get("start") ?? args[1] ?? 0);
  },
  title: (value) => text(value).replace(/[^\-\s({[<]+/g, capitalized),
  tojson: (value, _, named) => toJson(value, named),
  trim: (value, [chars = null]) => stripped(text(value), chars, "both"),
  unique,
  upper: (value) => text(value).toUpperCase(),
};

export function filterNamed(name: string): Filter {
  const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (!filter) throw new Error(`No filter named '${name}'.`);
  return filter;
}
