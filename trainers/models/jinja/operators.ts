// Python's operators.
import {
  escapedText,
  Float,
  isEqual,
  itemsOf,
  lengthOf,
  Markup,
  numberOf,
  order,
  Tuple,
  text,
  typeName,
  Undefined,
  type Value,
} from "./values";

export function binary(operator: string, a: Value, b: Value): Value {
  switch (operator) {
    case "==":
      return isEqual(a, b);
    case "!=":
      return !isEqual(a, b);
    case "in":
      return isIn(a, b);
    case "not in":
      return !isIn(a, b);
    case "~":
      return text(a) + text(b); // `+` alone escapes
  }
  for (const side of [a, b]) if (side instanceof Undefined) throw new Error(side.why);
  switch (operator) {
    case "<":
      return order(a, b) < 0;
    case "<=":
      return order(a, b) <= 0;
    case ">":
      return order(a, b) > 0;
    case ">=":
      return order(a, b) >= 0;
    case "+":
      return added(a, b);
    case "*":
      return repeated(a, b) ?? calculated(operator, a, b);
    case "%":
      return typeof a === "string" ? filledIn(a, b) : calculated(operator, a, b);
    default:
      return calculated(operator, a, b);
  }
}

export function isIn(item: Value, container: Value): boolean {
  if (typeof container === "string") {
    if (typeof item !== "string")
      throw new Error(`'in <string>' requires string as left operand, not ${typeName(item)}`);
    return container.includes(item);
  }
  if (container instanceof Map) return container.has(item);
  return itemsOf(container).some((one) => isEqual(one, item));
}

const isMarkup = (a: Value, b: Value) => a instanceof Markup || b instanceof Markup;

function added(a: Value, b: Value): Value {
  if (isMarkup(a, b) && [a, b].every((side) => side instanceof Markup || typeof side === "string"))
    return new Markup(escapedText(a) + escapedText(b));
  if (typeof a === "string" && typeof b === "string") return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (a instanceof Tuple && b instanceof Tuple) return new Tuple([...a.items, ...b.items]);
  return calculated("+", a, b);
}

function repeated(a: Value, b: Value): Value | null {
  const [what, times] = typeof b === "number" ? [a, b] : [b, a];
  if (typeof times !== "number") return null;
  if (typeof what === "string") return what.repeat(Math.max(0, times));
  return Array.isArray(what) ? Array.from({ length: Math.max(0, times) }, () => what).flat() : null;
}

/** `%s` and `%d`, which templates use. */
function filledIn(format: string, given: Value): string {
  const values = given instanceof Tuple ? [...given.items] : [given];
  const filled = format.replace(/%(.)/g, (_, kind: string) => {
    if (kind === "%") return "%";
    if (values.length === 0) throw new Error("not enough arguments for format string");
    const value = values.shift()!;
    const number = numberOf(value);
    if (kind === "s") return text(value);
    if (kind === "d" && number !== null) return String(Math.trunc(number));
    throw new Error(`%${kind} with ${typeName(value)} is not supported in a template`);
  });
  if (values.length > 0) throw new Error("not all arguments converted during string formatting");
  return filled;
}

const floors = (a: number, b: number) => Math.floor(a / b);
const operations: Record<string, (a: number, b: number) => number> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "//": floors,
  "%": (a, b) => a - b * floors(a, b), // has the sign of b
  "**": (a, b) => a ** b,
};

function calculated(operator: string, a: Value, b: Value): Value {
  const [one, other] = [numberOf(a), numberOf(b)];
  const operation = operations[operator];
  if (!operation || one === null || other === null)
    throw new Error(`unsupported operand type(s) for ${operator}: '${typeName(a)}' and '${typeName(b)}'`);
  if (other === 0 && ["/", "//", "%"].includes(operator)) throw new Error("division by zero");
  const isWhole =
    !(a instanceof Float) && !(b instanceof Float) && operator !== "/" && !(operator === "**" && other < 0);
  const result = operation(one, other);
  return isWhole ? result : new Float(result);
}

/** `a[b]` of what has an order. */
export const itemAt = (of: Value, index: number): Value | undefined => itemsOf(of).at(index);

/** `a[start:stop:step]`. */
export function slice(of: Value, [start, stop, step]: (number | null)[]): Value {
  const items = itemsOf(of);
  const by = step ?? 1;
  if (by === 0) throw new Error("slice step cannot be zero");
  const count = lengthOf(of);
  const [least, most] = by > 0 ? [0, count] : [-1, count - 1];
  const bound = (at: number) => Math.min(most, Math.max(least, at < 0 ? at + count : at));
  const from = start === null || start === undefined ? (by > 0 ? 0 : count - 1) : bound(start);
  const to = stop === null || stop === undefined ? (by > 0 ? count : -1) : bound(stop);
  const chosen: Value[] = [];
  for (let at = from; by > 0 ? at < to : at > to; at += by) chosen.push(items[at]!);
  if (typeof of === "string") return chosen.join("");
  return of instanceof Tuple ? new Tuple(chosen) : chosen;
}
