import { expect, test } from "vitest";
import { withDoubledDollars } from "./formulas";
import { render } from "./pipeline"; // without the clock that gives up on a busy machine

test.each([
  ["round brackets", String.raw`so \(a_1 + b\) it is`, "so $$a_1 + b$$ it is"],
  ["single dollars", "so $a + b$ it is", "so $$a + b$$ it is"],
  ["a formula that begins with a number", "$2x + 1$ is odd", "$$2x + 1$$ is odd"],
  ["spaces inside, where it is no price", String.raw`so $ \pi $ it is`, String.raw`so $$ \pi $$ it is`],
  ["a display within a line", String.raw`thus \[ a = b \] follows`, String.raw`thus $$\displaystyle a = b$$ follows`],
  ["a display in square brackets", "\\[\na\n+ b\n\\]", "$$\na\n+ b\n$$"],
  ["a display on one line", String.raw`\[ E = mc^2 \].`, "$$\nE = mc^2.\n$$"],
  ["a display in dollars on one line", "$$x^2$$", "$$\nx^2\n$$"],
  ["a display in a list item", "- $$x$$", "- $$\n  x\n  $$"],
  ["a display in a quote", "> \\[\n> x\n> \\]", "> $$\n> x\n> $$"],
])("U11: %s", (_, written, wanted) => expect(withDoubledDollars(written)).toBe(wanted));

test.each([
  "It costs $5, or $7 with tax.",
  "from $5 to $7, that is $5-$7",
  "$5 and you have 3$",
  "I have $10 in my _wallet_ and 5$ elsewhere",
  String.raw`see \[1\] and \[Smith 2020\]`,
  String.raw`a \$ sign, and another \$`,
  String.raw`\\(not a formula\\)`,
  "`\\(x\\)` and ``$a$ ` $b$``",
  "```latex\n\\[ x \\]\n$a$\n```",
  "~~~\n$$x$$\n```\n$y$\n~~~",
  "one \\( that nothing closes\n\nafter a blank line \\)",
  "two $$a$$ and $$b$$ in a line",
])("U11: %j stays as it is", (text) => expect(withDoubledDollars(text)).toBe(text));

test.each([
  String.raw`(\(\sqrt{\pi}/2\)) and \[ E = mc^2 \]`,
  "1. first:\n   \\[\n   x\n   + y\n   \\]\n2. second $z$",
  "| a | b |\n| - | - |\n| $x$ | \\(y\\) |",
])("U11: no mark of a formula is left in %j", (text) => {
  const html = render(text);
  expect(html.match(/class="katex"/g)).toHaveLength(2);
  expect(html.replaceAll(/<annotation.*?<\/annotation>/g, "").replaceAll(/<[^>]*>/g, "")).not.toMatch(/\\|\$/);
});
