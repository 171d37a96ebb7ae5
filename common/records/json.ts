// JSON of rows. Reasons say where a text breaks, and never quote it.

/** One JSON value. Throws a sentence where it is none, or gives a name twice: JSON.parse would keep the last without a word. */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`not JSON: ${whereItBreaks(text)}`, { cause: error });
  }
  const twice = repeatedName(text);
  if (twice !== undefined)
    throw new Error(`has the name ${JSON.stringify(twice.slice(0, 40))} twice, and only one would count`);
  return value;
}

const token =
  /\s*(?:"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)|[{}[\]:,])/y;

/** The first piece that no JSON text may hold; where each piece is one, their order is wrong or the end is missing. */
function whereItBreaks(text: string): string {
  let [at, depth] = [0, 0];
  token.lastIndex = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    at = token.lastIndex;
    const last = match[0].at(-1)!;
    if (last === "{" || last === "[") depth++;
    if (last === "}" || last === "]") depth--;
  }
  const rest = text.slice(at).trimStart();
  const place = text.length - rest.length + 1;
  if (rest === "")
    return depth > 0 ? "it ends before it is complete" : "a comma, a colon or a bracket is missing or too many";
  if (rest.startsWith('"'))
    return `the text that begins at character ${place} never ends, or holds a character that must be escaped`;
  if (rest.startsWith("'")) return `a single quote at character ${place}, where JSON has double quotes`;
  return `it breaks at character ${place}`;
}

/** What walks values calls itself once a level. */
const deepest = 100;

/** A name that some object gives twice, however it is escaped. */
function repeatedName(json: string): string | undefined {
  const open: (Set<string> | null)[] = []; // names of each open object, null for an array
  let previous = "";
  for (const [piece] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]/g)) {
    if (open.length > deepest) throw new Error(`is nested more than ${deepest} levels deep`);
    if (piece === "{") open.push(new Set());
    else if (piece === "[") open.push(null);
    else if (piece === "}" || piece === "]") open.pop();
    else if (piece === ":") {
      const names = open.at(-1)!;
      const name = previous.includes("\\") ? (JSON.parse(previous) as string) : previous.slice(1, -1);
      if (names.has(name)) return name;
      names.add(name);
    }
    previous = piece;
  }
  return undefined;
}
