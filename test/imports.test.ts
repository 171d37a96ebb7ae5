// What pages and routes reach by their imports, types left out: TensorFlow never loads in the web process, whose event loop it would block.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

const isFile = (path: string) => existsSync(path) && statSync(path).isFile();

/** Of an import's words the file of ours that it names. */
function fileOf(from: string, words: string): string | undefined {
  if (!/^(@\/|\.)/.test(words)) return undefined;
  const path = words.startsWith("@/") ? words.slice(2) : normalize(join(dirname(from), words));
  return [path, `${path}.ts`, `${path}.tsx`, `${path}.mjs`].find(isFile);
}

const imports = /(?:^|\n)\s*(?:import|export)\s+(?!type\b)([^;]*?)from\s+"([^"]+)"|\bimport\("([^"]+)"\)/g;
const typesOnly = (clause: string) =>
  /^\{[^}]*\}\s*$/.test(clause) &&
  clause
    .replace(/[{}]/g, "")
    .split(",")
    .every((name) => /^\s*(type\s.*)?$/s.test(name));

function importsOf(file: string): string[] {
  const found = [...readFileSync(file, "utf8").matchAll(imports)];
  return found.flatMap(([, clause, named, lazy]) => (clause && typesOnly(clause) ? [] : [(named ?? lazy)!]));
}

test("no page and no route reaches TensorFlow", () => {
  const entries = readdirSync("app", { recursive: true, encoding: "utf8" }).filter((file) =>
    /(^|\/)(page|layout|route)\.tsx?$/.test(file),
  );
  const from = new Map<string, string | null>(entries.map((file) => [join("app", file), null]));
  const chain = (file: string | null | undefined): string[] => (file ? [...chain(from.get(file)), file] : []);
  for (const file of from.keys())
    for (const words of importsOf(file)) {
      expect(words, chain(file).join(" → ")).not.toContain("tfjs");
      const next = fileOf(file, words);
      if (next && !from.has(next) && !next.endsWith(".json")) from.set(next, file);
    }
  expect(from.size).toBeGreaterThan(200);
});
