// What small templates render here and in Transformers (data/golden/templates/make-expressions.py).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseTemplate } from "./template";

interface Golden {
  values: Record<string, unknown>;
  said: { template: string; text?: string; refused?: string }[];
}
const { values, said } = JSON.parse(readFileSync("data/golden/templates/expressions.json", "utf8")) as Golden;

test.each(said.filter(({ text }) => text !== undefined))("$template", ({ template, text }) => {
  expect(parseTemplate(template).render(values)).toBe(text);
});

test.each(said.filter(({ refused }) => refused !== undefined))("$template is refused", ({ template }) => {
  expect(() => parseTemplate(template).render(values)).toThrow();
});
