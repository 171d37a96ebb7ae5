// JSON of rows. Reasons say where a text breaks, and never quote it.

/** Where a character of a text stands, in words. */
export type PlaceOf = (at: number) => string;

export const inLine: PlaceOf = (at) => `character ${at + 1}`;

/** One JSON value. Throws a sentence where it is none, or gives a name twice: JSON.parse would keep the last without a word. */
export function parseJson(text: string, placeOf: PlaceOf = inLine): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`not JSON: ${whereItBreaks(text, placeOf)}`, { cause: error });
  }
  const twice = repeatedName(text);
  if (twice)
    throw new Error(
      `has the name ${JSON.stringify(twice.name.slice(0, 40))} twice, the second time at ${placeOf(twice.at)}, and only one would count`,
    );
  return value;
}

const blanks = /^[ \t\n\r]*/; // those of JSON: JavaScript's \s has more
const token =
  /[ \t\n\r]*(?:"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)|[{}[\]:,])/y;

type Expected =
  | "a value"
  | "a value or ]"
  | "a name in double quotes"
  | "a name in double quotes or }"
  | "a colon"
  | "a comma or }"
  | "a comma or ]"
  | "nothing more";

/** The first place at which the text is no JSON, and what is expected there. */
export function whereItBreaks(text: string, placeOf: PlaceOf): string {
  const open: string[] = [];
  let [at, expected] = [0, "a value" as Expected];
  const afterValue = (): Expected =>
    open.length === 0 ? "nothing more" : open.at(-1) === "{" ? "a comma or }" : "a comma or ]";
  token.lastIndex = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const next = following(match[0].trim());
    if (next === null) break;
    [at, expected] = [token.lastIndex, next];
  }
  const rest = text.slice(at).replace(blanks, "");
  const place = `at ${placeOf(text.length - rest.length)}`;
  if (rest === "") return `it ends ${place} before it is complete; ${expected} is expected`;
  return `${whatStands(rest)} ${place}, where ${expected} is expected`;

  /** What is expected after a piece; null where the piece itself is not. */
  function following(piece: string): Expected | null {
    const isName = expected.startsWith("a name");
    if (piece === "}" || piece === "]") {
      if (!expected.endsWith(piece)) return null;
      open.pop();
      return afterValue();
    }
    if (piece === ",")
      return !expected.startsWith("a comma") ? null : open.at(-1) === "{" ? "a name in double quotes" : "a value";
    if (piece === ":") return expected === "a colon" ? "a value" : null;
    if (isName) return piece.startsWith('"') ? "a colon" : null;
    if (!expected.startsWith("a value")) return null;
    if (piece === "{" || piece === "[") {
      open.push(piece);
      return piece === "{" ? "a name in double quotes or }" : "a value or ]";
    }
    return afterValue();
  }
}

/** Without quoting it. */
function whatStands(rest: string): string {
  token.lastIndex = 0;
  const isPiece = token.test(rest);
  if (rest.startsWith('"'))
    return isPiece ? "a text stands" : "a text that never ends, or holds a character that must be escaped, stands";
  if (rest.startsWith("'")) return "a single quote stands";
  const word = /^[-+]?(NaN|Infinity|True|False|None|undefined)\b/.exec(rest)?.[1];
  if (word !== undefined) return `${word}, which JSON does not have, stands`;
  if (/^(\/\/|\/\*|#)/.test(rest)) return "a comment, which JSON does not have, stands";
  if (/^\s/.test(rest)) return "a blank other than a space, tab or line end stands";
  const sign = /^[{}[\]:,]/.exec(rest)?.[0];
  return sign === undefined ? "something else stands" : `${sign} stands`;
}

/** What walks values calls itself once a level. */
const deepest = 100;

/** A name that some object gives twice, however it is escaped. The text is JSON. */
function repeatedName(json: string): { name: string; at: number } | undefined {
  const open: (Set<string> | null)[] = []; // names of each open object, null for an array
  let [begin, end] = [0, 0]; // of the last text
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case '"':
        [begin, end] = [at, endOfText(json, at)];
        at = end - 1;
        break;
      case "{":
      case "[":
        if (open.length >= deepest) throw new Error(`is nested more than ${deepest} levels deep`);
        open.push(json[at] === "{" ? new Set() : null);
        break;
      case "}":
      case "]":
        open.pop();
        break;
      case ":": {
        const names = open.at(-1)!;
        const text = json.slice(begin + 1, end - 1);
        const name = text.includes("\\") ? (JSON.parse(`"${text}"`) as string) : text;
        if (names.has(name)) return { name, at: begin };
        names.add(name);
      }
    }
  }
  return undefined;
}

/** After the quotation mark that closes the text which begins at `at`. */
function endOfText(json: string, at: number): number {
  let end = json.indexOf('"', at + 1);
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end + 1;
}

function isEscaped(json: string, at: number): boolean {
  let backslashes = 0;
  while (json[at - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}
