import { expect, test } from "vitest";
import { renderMarkdown } from "./markdown";

test("GitHub's Markdown, formulas and coloured code", () => {
  expect(renderMarkdown("**bold** ~~gone~~")).toBe('<p dir="auto"><strong>bold</strong> <del>gone</del></p>');
  expect(renderMarkdown("## One\n\n#### Two")).toBe('<h4 dir="auto">One</h4>\n<h5 dir="auto">Two</h5>');
  expect(renderMarkdown("$a^2$")).toContain('class="katex"');
  expect(renderMarkdown("```python\ndef f(): pass\n```")).toContain('<span class="hljs-keyword">def</span>');
  expect(renderMarkdown("from $5 to $7")).toBe('<p dir="auto">from $5 to $7</p>');
});

test.each([
  "<script>alert(1)</script>",
  '<img src=x onerror="alert(1)">',
  "![p](https://example.invalid/p.png)",
  "[l](javascript:alert(1))",
  "[l](data:text/html,<script>alert(1)</script>)",
  "$\\href{javascript:alert(1)}{x}$",
  "$\\includegraphics{https://example.invalid/p.png}$",
  '```"><script>alert(1)</script>\nx\n```',
  "<svg/onload=alert(1)>",
  '<a href="https://example.invalid" onclick="alert(1)">x</a>',
])("nothing that runs or fetches comes of %s", (text) => {
  const html = renderMarkdown(text); // a quote inside a value is written &#x22;
  const bare = html.replaceAll(/="[^"]*"/g, "");
  expect(bare).not.toMatch(/<(script|img|svg|iframe|object|embed|style|link)\b/i);
  expect(bare).not.toMatch(/<[^>]*\s(on\w+|src)\b/i);
  for (const [, target] of html.matchAll(/href="([^"]*)"/g)) expect(target).toMatch(/^https?:/);
});

test("raw HTML is shown as it was written, a link tells nothing", () => {
  expect(renderMarkdown("a <b>c</b>")).toBe('<p dir="auto">a &#x3C;b>c&#x3C;/b></p>');
  expect(renderMarkdown("[l](https://example.invalid)")).toBe(
    '<p dir="auto"><a href="https://example.invalid" target="_blank" rel="noreferrer noopener nofollow">l</a></p>',
  );
});
