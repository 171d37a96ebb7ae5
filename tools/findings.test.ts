import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { evidence, findings, pages, titledTests } from "./findings";

test("every finding has a test or says what is open, and the pages are what `npm run findings` makes", () => {
  const tests = evidence();
  const without = findings.filter(({ id, open }) => tests.get(id)!.length === 0 && open === undefined);
  expect(without.map(({ id }) => id)).toEqual([]);
  for (const [path, text] of pages()) expect(readFileSync(path, "utf8")).toBe(text);
});

test("no test names a finding that the page does not have", () => {
  const numbered = titledTests().flatMap(({ ids }) => ids.filter((id) => /\d/.test(id)));
  const known = new Set(findings.map(({ id }) => id));
  expect(numbered.filter((id) => !known.has(id))).toEqual([]);
});

test("all 65 findings of the interface say what was found and how bad it was", () => {
  const told = findings.filter(({ found, severity }) => found !== undefined && severity !== undefined);
  expect(told.map(({ id }) => id)).toEqual(Array.from({ length: 65 }, (_, i) => `U${i + 1}`));
});
