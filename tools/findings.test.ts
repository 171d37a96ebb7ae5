import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { evidence, findings, findingsPage, page } from "./findings";

test("every finding has a test, and docs/findings.md is what `npm run findings` makes", () => {
  const without = findings.filter(({ id }) => evidence().get(id)!.length === 0).map(({ id }) => id);
  expect(without).toEqual([]);
  expect(readFileSync(page, "utf8")).toBe(findingsPage());
});
