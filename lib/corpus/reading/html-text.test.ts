// Pages of our own making with their main text, and what Trafilatura 2.3.1 takes from them (data/golden/make-pages.py).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { htmlText } from "./html-text";

const { pages } = z
  .object({
    pages: z.array(z.object({ name: z.string(), html: z.string(), text: z.string(), trafilatura: z.string() })),
  })
  .parse(JSON.parse(readFileSync("data/golden/pages.json", "utf8")));

const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/** The harmonic mean of precision and recall of words, each counted as often as it stands there. */
function f1(found: string, meant: string): number {
  const left = new Map<string, number>();
  for (const word of words(meant)) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of words(found)) {
    const count = left.get(word) ?? 0;
    if (count > 0) shared++;
    left.set(word, count - 1);
  }
  return (2 * shared) / (words(found).length + words(meant).length);
}
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test("the main text is found as well as Trafilatura finds it", () => {
  const ours = pages.map(({ html, text }) => f1(htmlText(html), text));
  const theirs = pages.map(({ text, trafilatura }) => f1(trafilatura, text));
  expect(mean(ours)).toBeGreaterThanOrEqual(mean(theirs) - 0.005);
  for (const [i, { name }] of pages.entries()) expect([name, ours[i]! > 0.93]).toEqual([name, true]);
});

const menus = /Advertise|Careers|cookies to make|All rights reserved|Most read|newsletter every|nice pictures/;
/** A page laid out by a table keeps its menu here, as it does with Trafilatura. */
const laidOutByTables = "breaks for paragraphs";
test.each(pages.filter(({ name }) => name !== laidOutByTables))(
  "no menu, notice or comment is among the text of a page: $name",
  ({ html }) => {
    expect(html).toMatch(menus);
    expect(htmlText(html)).not.toMatch(menus);
  },
);

test("paragraphs, items, rows and code stand as they read", () => {
  const prose =
    "The harbour of the old town was built by people who knew the tides, the winds and the stones of it. ".repeat(4);
  const page = `<article><h1>A</h1><p>${prose}</p><ol><li>one</li><li>two <b>words</b></li></ol><ul><li>dot</li></ul>
    <pre><code>if x:\n    y()</code></pre><table><tr><td>Year</td><td>Ships</td></tr><tr><td>1820</td><td>14</td></tr></table>
    <p>a<br>b<script>alert(1)</script></p><p>${prose}</p></article>`;
  expect(htmlText(`<html><body>${page}</body></html>`).split(prose.trim())[1]).toBe(
    "\n\n1. one\n2. two words\n\n- dot\n\nif x:\n    y()\n\nYear Ships\n1820 14\n\na\nb\n\n",
  );
});

test.each(["", " ", "<", "<html></html>", "\u0000\u0001", "<p", "<div><p>".repeat(50)])(
  "nothing is found in %j",
  (html) => {
    expect(htmlText(html)).toBe("");
  },
);
