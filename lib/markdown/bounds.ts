// Which texts Markdown is not worth trying on: the parser takes the square of their length, or of their depth, and answers of a model that
// lost its way look like that. One look at each line; what slips through is stopped by the clock (markdown.ts).

export const longest = 20_000;

/** The most that one paragraph, list or table may have, blank line to blank line. */
const most = { lines: 1000, emphases: 300, brackets: 400, cells: 4000 };
/** The most that a text may have. */
const mostInAll = { containers: 12, open: 40, definitions: 150, delimiters: 1500 };

/** Quotes and list items that begin in this line, in each other. */
const containers = /^(?:\s*(?:>|[-*+](?=\s)|\d{1,9}[.)](?=\s)))+/;
/** An item so far to the right lies in a dozen others, or in code. */
const farRight = /^(?: {36}|\t{9})\s*(?:[-*+]|\d{1,9}[.)])\s/;
const definition = /^ {0,3}\[[^\]]*\]:/;
const delimiterRow = /^[\s>]*\|?\s*:?-+:?\s*(?:\||$)/;

/** Whether a text is too long, or nested too deep, or has more of something than anybody would read. */
export function isTooHard(text: string): boolean {
  if (text.length > longest || /([*_~`[\]!>|])\1{200}/.test(text)) return true;
  const lines = text.split("\n");
  if (lines.some((line) => farRight.test(line) || depthOf(line) > mostInAll.containers)) return true;
  if (lines.filter((line) => definition.test(line)).length > mostInAll.definitions) return true;
  if (count(text, /[*_~`[]+/g) > mostInAll.delimiters || deepestBrackets(text) > mostInAll.open) return true;
  return text.split(/\n\s*\n/).some(isHardBlock);
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

const depthOf = (line: string): number => count(containers.exec(line)?.[0] ?? "", />|[-*+]|\d+/g);

function deepestBrackets(text: string): number {
  let [open, deepest] = [0, 0];
  for (const [bracket] of text.matchAll(/\\[[\]]|[[\]]/g)) {
    if (bracket === "[") deepest = Math.max(deepest, ++open);
    if (bracket === "]" && open > 0) open--;
  }
  return deepest;
}

function isHardBlock(block: string): boolean {
  const rows = block.split("\n");
  if (rows.length > most.lines || count(block, /\[/g) > most.brackets) return true;
  if (count(block, /\*+|_+|~+/g) > most.emphases) return true;
  if (!rows.some((row) => row.includes("|") && delimiterRow.test(row))) return false;
  const columns = Math.max(...rows.map((row) => count(row, /\|/g))); // rows that are too short are filled up
  return columns * rows.length > most.cells;
}
