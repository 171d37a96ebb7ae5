// The floor plan, read from the imports of all files, types included. `npm run graph` prints what is behind a failure.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cycles, fileOf, forbidden, type Import, importGraph, importsIn, isTest } from "../tools/import-graph";

const graph = importGraph();
const named = (imports: Import[]) => imports.map(({ from, to }) => `${from} → ${to}`);

test("no page and no route reaches TensorFlow, which would block the web process, or eld's languages, which take 200 MB", () => {
  const entries = readdirSync("app", { recursive: true, encoding: "utf8" }).filter((file) =>
    /(^|\/)(page|layout|route)\.tsx?$/.test(file),
  );
  const from = new Map<string, string | null>(entries.map((file) => [join("app", file), null]));
  const chain = (file: string | null | undefined): string[] => (file ? [...chain(from.get(file)), file] : []);
  for (const file of from.keys())
    for (const { name, typeOnly } of importsIn(readFileSync(file, "utf8"))) {
      if (typeOnly) continue;
      expect(name, chain(file).join(" → ")).not.toMatch(/tfjs|^eld/);
      const next = fileOf(file, name);
      if (next && !from.has(next) && !next.endsWith(".json")) from.set(next, file);
    }
  expect(from.size).toBeGreaterThan(200);
});

test("every file imports only its own floor and those below, types included, tests too", () => {
  expect(named(forbidden(graph))).toEqual([]);
});

test("nothing imports in a circle, neither folders nor files", () => {
  const found = cycles(graph.filter(({ from }) => !isTest(from)));
  expect(found.map(({ folder, members }) => `${folder}/: ${members.join(", ")}`)).toEqual([]);
});

describe("the reader of imports", () => {
  test.each([
    ['import { a, type B } from "./x";', "./x", false],
    ['import type { B } from "./x";', "./x", true],
    ['import { type A, type B } from "./x";', "./x", true],
    ['import {\n  type A,\n  b,\n} from "./x";', "./x", false],
    ['import "./x";', "./x", false],
    ['export { a } from "./x";', "./x", false],
    ['export type * from "./x";', "./x", true],
    ['const { a } = await import("./x");', "./x", false],
    ['type A = import("./x").A;', "./x", false],
  ])("reads %s", (text, name, typeOnly) => {
    expect(importsIn(text)).toEqual([{ name, typeOnly }]);
  });

  const edge = (from: string, to: string) => ({ from, to, typeOnly: false });
  test("finds a circle of folders, of a file and a folder beside it, and of files, each where their paths part", () => {
    const found = cycles([
      edge("lib/a/deep/x.ts", "lib/b/x.ts"),
      edge("lib/b/y.ts", "lib/c.ts"),
      edge("lib/c.ts", "lib/a/y.ts"),
      edge("lib/a/y.ts", "lib/a/z.ts"),
      edge("lib/a/z.ts", "lib/a/y.ts"),
      edge("app/x.ts", "lib/a/y.ts"),
    ]);
    expect(found.map(({ folder, members }) => [folder, members])).toEqual([
      ["lib", ["a", "b", "c.ts"]],
      ["lib/a", ["y.ts", "z.ts"]],
    ]);
  });

  test("forbids what points upwards or sideways, and lets tests use their helpers", () => {
    const upwards = [edge("spec/x.ts", "lib/x.ts"), edge("trainers/x.ts", "lib/x.ts"), edge("lib/x.ts", "app/x.ts")];
    const helper = [edge("lib/x.ts", "test/x.ts"), edge("lib/x.test.ts", "test/x.ts")];
    expect(forbidden([...upwards, ...helper, edge("app/x.ts", "lib/x.ts")])).toEqual([...upwards, helper[0]]);
  });
});
