// A number with its unit: 3 km is 3000 m, and neither is 3. Units are those of math.js, SI and customary, with their prefixes, powers and quotients.
import { createRequire } from "node:module";
import type { Unit as Quantity } from "mathjs";

interface Units {
  unit(value: number, unit: string): Quantity;
}

/** Loaded once somebody compares units: it takes a second. */
let units: Units | null = null;
const unitsOfMathjs = (): Units => {
  const { create, unitDependencies } = createRequire(import.meta.url)("mathjs") as typeof import("mathjs");
  return create(unitDependencies!) as Units;
};

/** Of an answer that are read: the last number stands at its end. */
const lastCharacters = 1000;

/** Of the two in SI units, relative to the larger. */
const sixDigits = 1e-6;

/** The last number in a text with the unit that follows it; null where nothing that is a unit does. */
export function quantityIn(text: string): Quantity | null {
  const plain = plainUnits(text.slice(-lastCharacters));
  const found = [...plain.matchAll(number)].filter(({ index }) => !/[A-Za-z^_]-?$/.test(plain.slice(0, index))).at(-1);
  if (!found) return null;
  const { sign, whole, part } = found.groups!;
  const read = (digits: string) => Number(digits.replaceAll(",", ""));
  const value = (sign ? -1 : 1) * (read(whole!) / (part ? read(part) : 1));
  return withUnit(value, plain.slice(found.index + found[0].length));
}

/** Whether two quantities are of a kind and as large. */
export function isSameQuantity(a: Quantity, b: Quantity): boolean {
  if (!a.equalBase(b)) return false;
  const [one, other] = [inSi(a), inSi(b)];
  return Math.abs(one - other) <= sixDigits * Math.max(Math.abs(one), Math.abs(other));
}

const inSi = (quantity: Quantity) => Number(quantity.toSI().toJSON().value);

const decimal = String.raw`(?:\d+(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:e[-+]?\d+)?|\.\d+`;
const number = new RegExp(
  String.raw`(?<sign>(?<![\w)])[-−]\s*)?(?<whole>${decimal})(?:\s*/\s*(?<part>${decimal}))?`,
  "g",
);

/** What stands for another spelling that math.js has. */
const spellings: [RegExp, string][] = [
  [/\\(?:text|mathrm|mathbf|operatorname|unit|si)\s*\{([^{}]*)\}/g, " $1 "],
  [/\\frac\{([\d.]+)\}\{([\d.]+)\}/g, "$1/$2"],
  [/\\(?:,|;|:|!| )|~|\$/g, " "],
  [/\^\{(-?\d+)\}/g, "^$1"],
  [/\s*(?:\\times|×|\\cdot|·|\*)\s*10\^(-?\d+)/g, "e$1"],
  [/\\cdot|·|⋅|×/g, "*"],
  [/(?:°|\^\\circ|\^\{\\circ\}|\\degree|\bdegrees?)\s*(?:Celsius|C)\b/g, " degC"],
  [/(?:°|\^\\circ|\^\{\\circ\}|\\degree|\bdegrees?)\s*(?:Fahrenheit|F)\b/g, " degF"],
  [/°|\^\\circ|\^\{\\circ\}|\\degree/g, " deg"],
  [/²/g, "^2"],
  [/³/g, "^3"],
  [/[µμ]/g, "u"],
  [/Ω|\\Omega/g, "ohm"],
  [/\bsquare\s+([A-Za-z]+)/g, "$1^2"],
  [/\bcubic\s+([A-Za-z]+)/g, "$1^3"],
  [/\s+per\s+/g, "/"],
  [/\bmph\b/g, "mile/hour"],
  [/\bkm\/?ph\b|\bkph\b/g, "km/hour"],
  [/(met|lit)re(s?)\b/g, "$1er$2"],
];
const plainUnits = (text: string) => spellings.reduce((so, [from, to]) => so.replace(from, to), text);

/** Units that are words of a sentence, if they do not follow the number itself. */
const words = ["in", "at"];

/** As many of the words and signs that follow as are a unit together. */
function withUnit(value: number, rest: string): Quantity | null {
  const [after = ""] = /^\s*\(?(?:[A-Za-z]+(?:\^-?\d+)?|[ \t]*[*/]?[ \t]*)+/.exec(rest.slice(0, 60)) ?? [];
  const parts = after.replace("(", "").match(/[*/]?\s*[A-Za-z]+(?:\^-?\d+)?/g) ?? [];
  const end = parts.findIndex((part, i) => i > 0 && words.includes(part.trim()));
  const usable = parts.slice(0, end < 0 ? 5 : Math.min(end, 5));
  units ??= unitsOfMathjs();
  for (let count = usable.length; count > 0; count--)
    try {
      return units.unit(value, usable.slice(0, count).join(" "));
    } catch {} // not a unit: less of it may be
  return null;
}
