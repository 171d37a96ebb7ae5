// Texts that a parser chokes on, as a model that lost its way writes them: none closes a queue, and none takes long.
import fc from "fast-check";
import { expect, test } from "vitest";
import { renderMarkdown } from "./markdown";
import { render } from "./pipeline";

const times = (text: string, count: number) => text.repeat(count);
const list = (depth: number) => Array.from({ length: depth }, (_, i) => `${times("  ", i)}- item ${i}`).join("\n");
const row = (cells: number) => `${times("| a ", cells)}|`;
const fences = Array.from({ length: 90 }, (_, i) => `${times("`", i + 1)}a`).join("");

const hard: [string, string][] = [
  ["braces that nothing closes", times("{", 1500)],
  ["5,000 quotes in each other", times(">", 5000)],
  ["2,000 quotes with spaces", times("> ", 2000)],
  ["a list of 500 levels", list(500)],
  ["2,000 items in one line", `${times("- ", 2000)}x`],
  ["1,500 numbered items in one line", `${times("1. ", 1500)}x`],
  ["quotes and items by turns", `${times("> - ", 1500)}x`],
  ["deep emphasis", `${times("*", 2000)}a${times("*", 2000)}`],
  ["emphasis of two kinds by turns", `${times("*_", 1000)}a${times("_*", 1000)}`],
  ["emphasis that nothing closes", times("*a _b **c ", 400)],
  ["brackets that nothing closes", times("[", 4000)],
  ["links in each other", `${times("[", 900)}a${times("](b)", 900)}`],
  ["pictures in each other", `${times("![", 900)}a${times("](b)", 900)}`],
  ["links that nothing closes", times("[a](", 1000)],
  ["1,000 links", times("[a](https://example.invalid) ", 600)],
  ["a table of 4,000 cells in two rows", `${row(2000)}\n${times("|-", 2000)}|\n${row(2000)}`],
  ["a wide table of many short rows", `${row(1000)}\n${times("|-", 1000)}|\n${times("|\n", 3000)}`],
  ["1,000 footnotes", Array.from({ length: 600 }, (_, i) => `a[^${i}]\n\n[^${i}]: b`).join("\n\n")],
  ["2,000 definitions", Array.from({ length: 1200 }, (_, i) => `[${i}]: b`).join("\n")],
  ["backticks of all lengths that nothing closes", fences],
  ["6,000 headings without a line between", times("a\n=\n", 5000)],
  ["200,000 words", times("word ", 200_000)],
  ["a line of a million letters", times("a", 1_000_000)],
];
/** The text of some HTML. */
const said = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&#x3C;/g, "<")
    .replaceAll(/&#x26;/g, "&");

test.each(hard)("F5: %s: the answer is shown as it was written", (_, text) => {
  expect(said(renderMarkdown(text))).toBe(text);
});

test.each([
  ["fractions 400 deep", `$${times("\\frac{1}{", 400)}x${times("}", 400)}$`],
  ["groups 700 deep", `$${times("{", 700)}x${times("}", 700)}$`],
  ["roots 300 deep", `$${times("\\sqrt{", 300)}x${times("}", 300)}$`],
  ["powers 300 high", `$x${times("^{x", 300)}${times("}", 300)}$`],
  ["brackets 200 deep", `$${times("\\left(", 200)}x${times("\\right)", 200)}$`],
  ["a formula of 8,000 signs", `$$\n${times("x+", 4000)}x\n$$`],
])("F5: a formula with %s is shown as it was written, and the words beside it as ever", (_, formula) => {
  const html = renderMarkdown(`**Before** it.\n\n${formula}\n\nAnd after it.`);
  expect(html).toContain("<strong>Before</strong>");
  expect(html).toContain('<p dir="auto">And after it.</p>');
  expect(html).not.toContain("katex");
  expect(said(html)).toContain(formula.replaceAll("$", "").trim());
});

test("F5: of very many formulas the first are set, and macros that breed come to an end", () => {
  const html = render(Array.from({ length: 400 }, (_, i) => `$x_{${i}}$`).join("\n\n"));
  expect(html.match(/class="katex"/g)).toHaveLength(80);
  expect(html).toContain("<code>x_{399}</code>");
  expect(renderMarkdown("$\\def\\a{\\a\\a}\\a$")).toContain("katex-error");
  expect(renderMarkdown("$\\rule{99999em}{99999em}$")).not.toContain("99999em;");
});

test("F5: whatever the text is, it is rendered or shown as it was written, and never throws", () => {
  const part = fc.constantFrom(
    ..."*_~`[]()!>|-+#=:.$\\{}^&<\n\t ".split(""),
    ..."- |1. |> |**|~~|```|$$|[^1]|[^1]: |![|](|\\frac{|\\left(|| - |\n\n|    |www.a.b|a@b.c|&amp;|<b>|😀|word".split(
      "|",
    ),
  );
  const text = fc
    .array(fc.tuple(fc.array(part, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 300 })), { maxLength: 5 })
    .map((runs) => runs.map(([parts, count]) => times(parts.join(""), count)).join(""));
  fc.assert(
    fc.property(text, (hostile) => {
      const html = renderMarkdown(hostile);
      expect(html.replaceAll(/="[^"]*"/g, "")).not.toMatch(/<(script|img|iframe|object|embed)\b/i);
    }),
    { numRuns: 150 },
  );
});

test("F5: paragraphs of words alone come out as the parser would make them", () => {
  const word = fc.constantFrom(
    "word",
    "Ein",
    "Maß",
    "naïve",
    "数",
    "3",
    "5.",
    "don’t",
    "www",
    "“So?”",
    "(yes),",
    "a-b",
    "1/2",
    "no!",
    "%",
    "–",
    "a:b",
  );
  const line = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" "));
  const text = fc
    .array(line, { minLength: 1, maxLength: 4 })
    .chain((lines) => fc.constantFrom("\n", "\n\n", "\n\n\n").map((between) => lines.join(between)));
  fc.assert(
    fc.property(text, (words) => {
      expect(renderMarkdown(words)).toBe(render(words));
    }),
    { numRuns: 400 },
  );
});
