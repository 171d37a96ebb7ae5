import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { allMethods } from "../spec/methods/all";
import { fieldPaths } from "../spec/run-fields";
import { page, reference, referencePage } from "./reference";

test("docs/run-file.md has the fields as the schema has them: `npm run reference` makes it", () => {
  expect(readFileSync(page, "utf8")).toBe(referencePage());
});

test("the reference names every field that has a label, and the names that each had before", () => {
  const text = reference();
  for (const { name } of allMethods)
    for (const [path, { description, formerly = [] }] of fieldPaths(name))
      if (description !== undefined)
        for (const word of [path, ...formerly]) expect(text, path).toContain(`\`${word}\``);
});
