// Files and values as they come from a broken program: something of a good one is replaced, or bytes change.

type Random = () => number;
const anyOf = <T>(list: readonly T[], random: Random): T => list[Math.floor(list.length * random())]!;

const deep = (levels: number): unknown => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`);

/** What no reader expects in a place. */
const odd: unknown[] = [
  ...[
    null,
    true,
    "",
    " ",
    "\u0000",
    "\ud800",
    "💥",
    "constructor",
    "-1",
    "NaN",
    0,
    -1,
    0.5,
    1e308,
    -1e308,
    2 ** 53,
    2 ** 31,
  ],
  ...[
    [],
    {},
    [null],
    [[]],
    { "": "" },
    { role: "user", content: null },
    [{ role: "nobody", content: "x" }],
    deep(90),
    deep(300),
  ],
  "x".repeat(5000),
];
const oddKeys = ["__proto__", "constructor", "toString", "", "prompt", "chosen", "length"];

/** The same with one of its values replaced, deleted, doubled under another name, or put into a list. */
export function mutatedJson(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0 && random() < 0.9) {
    const at = Math.floor(value.length * random());
    if (random() < 0.1) return value.toSpliced(at, 1);
    return value.with(at, mutatedJson(value[at], random));
  }
  if (typeof value === "object" && value !== null && random() < 0.9) {
    const entries = Object.entries(value);
    if (entries.length === 0) return anyOf(odd, random);
    const at = Math.floor(entries.length * random());
    const [key, one] = entries[at]!;
    const what = random();
    if (what < 0.1) return Object.fromEntries(entries.toSpliced(at, 1));
    if (what < 0.2) return Object.fromEntries(entries.with(at, [anyOf(oddKeys, random), one]));
    return Object.fromEntries(entries.with(at, [key, mutatedJson(one, random)]));
  }
  return random() < 0.1 ? [value] : anyOf(odd, random);
}

/** The same with a few bytes changed, put in or taken out; a line stays one line. */
export function mutatedBytes(bytes: Buffer, random: Random): Buffer {
  let copy = Buffer.from(bytes);
  for (let times = 1 + Math.floor(3 * random()); times > 0; times--) {
    const at = Math.floor(copy.length * random());
    const what = random();
    if (what < 0.5 && copy.length > 0) copy[at] = oneByte(random);
    else if (what < 0.7)
      copy = Buffer.concat([copy.subarray(0, at), Buffer.from([oneByte(random)]), copy.subarray(at)]);
    else if (what < 0.9) copy = Buffer.concat([copy.subarray(0, at), copy.subarray(at + Math.ceil(8 * random()))]);
    else copy = copy.subarray(0, at);
  }
  return copy;
}

function oneByte(random: Random): number {
  const byte = random() < 0.5 ? anyOf([...Buffer.from('"{}[],:\\0e-')], random) : Math.floor(256 * random());
  return byte === 10 || byte === 13 ? 0 : byte;
}

/** Whether an error is one of a program that did not expect what it met, and no refusal in words. */
export const isUnexpected = (error: unknown): boolean =>
  !(error instanceof Error) ||
  [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
