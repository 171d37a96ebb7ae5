// How models write formulas, brought to the one form that remark-math reads without guessing: two dollars within a line, two dollars on lines
// of their own for a display. Code is left alone.

/** Every formula in `\(…\)`, `\[…\]`, `$…$` and `$$…$$` becomes one in double dollars. */
export const withDoubledDollars = (text: string): string =>
  text.includes("$") || text.includes("\\(") || text.includes("\\[")
    ? outsideFences(text, (prose) => outsideSpans(prose.replace(display, asFlow), rewriteInline))
    : text;

/** What a formula may hold: anything up to a blank line or to what would close it. */
const upTo = (closing: string) => String.raw`((?:(?!${closing}|\n[ \t>]*\n)[^])+)`;
const [round, square, dollar] = [upTo(String.raw`\\\)`), upTo(String.raw`\\\]`), upTo(String.raw`\$`)];

/** A display that fills its lines, after quotes or the mark of a list item. */
const display = new RegExp(
  String.raw`^((?:[ \t]|>)*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(?:\\\[${square}\\\]|\$\$${dollar}\$\$)[ \t]*([.,;:]?)[ \t]*$`,
  "gm",
);

function asFlow(_: string, lead: string, brackets: string | undefined, dollars: string | undefined, stop: string) {
  const margin = lead.replace(/[^>\s]/g, " ");
  const formula = (brackets ?? dollars ?? "").replace(/^[ \t]*(?:\n[ \t>]*)?|\s*(?:\n[ \t>]*)?$/g, "");
  return `${lead}$$\n${margin}${formula}${stop}\n${margin}$$`;
}

/** A price and a word behind it: "5 and you have 3" is no formula. */
const price = String.raw`\d[\d.,]*\s+\p{L}{2}`;
/** `\(…\)`; `\[…\]`; `$…$` by Pandoc's rule (no space inside, no digit behind), or with spaces where it has a sign of formulas. */
const inline = new RegExp(
  [
    String.raw`(?<!\\)\\\(${round}\\\)`,
    String.raw`(?<!\\)\\\[${square}\\\]`,
    String.raw`(?<![\\$])\$(?=\S)(?!${price})${dollar}(?<=[^\s\\])\$(?![\d$])`,
    String.raw`(?<![\\$])\$(?=[^$]*[\\^_])(?!\s*${price})${dollar}(?<!\\)\$(?![\d$])`,
  ].join("|"),
  "gu",
);
/** Brackets are escaped too: `\[1\]` is a number in brackets. */
const looksLikeMath = /[\\^_=+<>]/;

const rewriteInline = (prose: string) =>
  prose.replace(inline, (whole, inRound?: string, inSquare?: string, tight?: string, loose?: string) => {
    const formula = inRound ?? inSquare ?? tight ?? loose ?? "";
    if (formula.includes("$")) return whole;
    if (inSquare === undefined) return `$$${formula}$$`;
    return looksLikeMath.test(inSquare) ? `$$\\displaystyle ${inSquare.trim()}$$` : whole;
  });

const fence = /^(?:[ \t]|>)*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})/;

/** Rewrites what stands between fenced code. */
function outsideFences(text: string, rewrite: (prose: string) => string): string {
  const parts: { code: boolean; lines: string[] }[] = [{ code: false, lines: [] }];
  let open: string | null = null;
  for (const line of text.split("\n")) {
    const [, marks] = fence.exec(line) ?? [];
    const closes: boolean = open !== null && !!marks?.startsWith(open) && /[`~]\s*$/.test(line);
    if (open === null && marks) {
      open = marks;
      parts.push({ code: true, lines: [line] });
      continue;
    }
    parts.at(-1)!.lines.push(line);
    if (!closes) continue;
    open = null;
    parts.push({ code: false, lines: [] });
  }
  return parts
    .filter(({ lines }) => lines.length > 0)
    .map(({ code, lines }) => (code ? lines.join("\n") : rewrite(lines.join("\n"))))
    .join("\n");
}

const span = /(?<![`\\])(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g;

/** Rewrites what stands between code spans. */
function outsideSpans(prose: string, rewrite: (words: string) => string): string {
  let [done, at] = ["", 0];
  for (const match of prose.matchAll(span)) {
    done += rewrite(prose.slice(at, match.index)) + match[0];
    at = match.index + match[0].length;
  }
  return done + rewrite(prose.slice(at));
}
