// The bundle of the programs, of a copy of the sources: it is what they say, also when they change and when several begin at once.
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = realpathSync(mkdtempSync(join(tmpdir(), "workbench-test-")));
for (const name of ["client", "common", "lib", "scripts", "spec", "trainers", "package-lock.json", "tsconfig.json"])
  cpSync(name, join(root, name), { recursive: true, filter: (source) => !source.endsWith(".test.ts") });
for (const name of ["node_modules", "data", "package.json"]) symlinkSync(resolve(name), join(root, name));

const said = async (...words: string[]) =>
  (await promisify(execFile)(process.execPath, words, { cwd: root })).stdout.trim();
const help = () => said("scripts/program.mjs", "lib/cli.ts", "help");
const source = join(root, "lib", "commands", "clean.ts");

test("five that begin at once say what the sources say", { tags: "long" }, async () => {
  const bySource = await said("--import", "tsx", "lib/cli.ts", "help");
  expect(bySource).toMatch(/^ {2}clean /m);
  expect(await Promise.all(Array.from({ length: 5 }, help))).toEqual(Array(5).fill(bySource));
  const made = readdirSync(join("node_modules", ".workbench", "programs"));
  expect(made.filter((name) => name.includes("tmp"))).toEqual([]);
});

test("a source that has changed is in what begins next, and one that is put back too", async () => {
  const before = readFileSync(source, "utf8");
  const first = await help();
  writeFileSync(source, before.replace(/\.description\("/, '.description("QUORVEX '));
  expect(await help()).toContain("QUORVEX");
  writeFileSync(source, before);
  expect(await help()).toBe(first);
});

test("as long as no source changes, what begins finds the bundle that there is", async () => {
  const bundles = join("node_modules", ".workbench", "programs");
  const newest = () =>
    readdirSync(bundles)
      .filter((name) => name.startsWith("newest-"))
      .map((name) => [name, statSync(join(bundles, name)).mtimeMs]);
  await help();
  const before = newest();
  await help();
  expect(newest()).toEqual(before);
});

test("a bundle stays for a month after a program began with it", async () => {
  const bundles = join("node_modules", ".workbench", "programs");
  const longAgo = new Date(Date.now() - 31 * 24 * 3_600_000);
  const unused = join(bundles, "00000000deadbeef");
  mkdirSync(unused, { recursive: true });
  const before = new Set(readdirSync(bundles));
  const text = readFileSync(source, "utf8");
  const saying = (words: string) => text.replace(/\.description\("/, `.description("${words} `);
  writeFileSync(source, saying("Some words"));
  await help();
  const [used] = readdirSync(bundles).filter((name) => !before.has(name));
  for (const folder of [unused, join(bundles, used!)]) utimesSync(folder, longAgo, longAgo);
  await help();
  writeFileSync(source, saying("Other words"));
  await help();
  expect([existsSync(unused), existsSync(join(bundles, used!))]).toEqual([false, true]);
});

test("an error names its line in the source", async () => {
  const main = readFileSync("trainers/run/main.ts", "utf8").split("\n");
  const line = 1 + main.findIndex((text) => text.includes('throw new Error("usage'));
  await expect(said("scripts/program.mjs", "trainers/run/main.ts")).rejects.toThrow(
    new RegExp(`^ +at .*/trainers/run/main\\.ts:${line}:`, "m"),
  );
});
