import { expect, test } from "vitest";
import { readImported } from "../lib/annotation/queues/import-columns";
import { linesInput } from "../lib/runs/compare/compare-schema";

const inherited = ["__proto__", "constructor", "toString", "hasOwnProperty"];

test.each(inherited)("F1: %s is neither a metric to draw nor a column of a row", (given) => {
  expect(linesInput.safeParse({ metric: given, axis: "step", groups: "a" }).success).toBe(false);
  expect(() => readImported({ q: "a question" }, { prompt: "q", first: given, second: given })).toThrow(
    "columns found",
  );
});
