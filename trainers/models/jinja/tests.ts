// What `is` asks, and `select` and `reject` by its name.
import { binary, isIn } from "./operators";
import { Attributes, Float, isEqual, numberOf, Tuple, text, Undefined, type Value } from "./values";

type Test = (value: Value, args: Value[]) => boolean;

const whole = (value: Value): number => {
  const number = numberOf(value);
  if (number === null) throw new Error(`${text(value)} is no number`);
  return number;
};
const compares =
  (operator: string): Test =>
  (value, [other = null]) =>
    binary(operator, value, other) as boolean;

const equal: Test = (value, [other = null]) => isEqual(value, other);
const unequal: Test = (value, [other = null]) => !isEqual(value, other);
const [less, most, more, least] = [compares("<"), compares("<="), compares(">"), compares(">=")];

export const tests: Record<string, Test> = {
  defined: (value) => !(value instanceof Undefined),
  undefined: (value) => value instanceof Undefined,
  none: (value) => value === null,
  boolean: (value) => typeof value === "boolean",
  true: (value) => value === true,
  false: (value) => value === false,
  integer: (value) => typeof value === "number",
  float: (value) => value instanceof Float,
  number: (value) => numberOf(value) !== null,
  string: (value) => typeof value === "string",
  mapping: (value) => value instanceof Map,
  sequence: (value) =>
    typeof value === "string" ||
    Array.isArray(value) ||
    value instanceof Tuple ||
    value instanceof Map ||
    value instanceof Undefined,
  iterable: (value) =>
    value !== null && numberOf(value) === null && typeof value !== "function" && !(value instanceof Attributes),
  callable: (value) => typeof value === "function",
  odd: (value) => Math.abs(whole(value)) % 2 === 1,
  even: (value) => whole(value) % 2 === 0,
  divisibleby: (value, [by = null]) => whole(value) % whole(by) === 0,
  lower: (value) => text(value) === text(value).toLowerCase() && text(value) !== text(value).toUpperCase(),
  upper: (value) => text(value) === text(value).toUpperCase() && text(value) !== text(value).toLowerCase(),
  sameas: (value, [other = null]) => value === other,
  in: (value, [container = null]) => isIn(value, container),
  ...{ equalto: equal, eq: equal, "==": equal, ne: unequal, "!=": unequal },
  ...{ lt: less, lessthan: less, "<": less, le: most, "<=": most },
  ...{ gt: more, greaterthan: more, ">": more, ge: least, ">=": least },
};

export function testNamed(name: string): Test {
  const test = Object.hasOwn(tests, name) ? tests[name] : undefined;
  if (!test) throw new Error(`No test named '${name}'.`);
  return test;
}
