import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { evidence, findings, findingsPage, page, titledTests } from "./findings";

test("every finding has a test, and docs/findings.md is what `npm run findings` makes", () => {
  const without = [...evidence()].filter(([, tests]) => tests.length === 0).map(([id]) => id);
  expect(without).toEqual([]);
  expect(readFileSync(page, "utf8")).toBe(findingsPage());
});

test("no test names a finding that the page does not have", () => {
  const numbered = titledTests().flatMap(({ ids }) => ids.filter((id) => /\d/.test(id)));
  const known = new Set(findings.map(({ id }) => id));
  expect(numbered.filter((id) => !known.has(id))).toEqual([]);
});
