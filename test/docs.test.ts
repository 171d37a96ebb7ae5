// What the documentation names is there: files it links to, files and folders in backticks, npm scripts, and the folders of the README's tree.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { programs } from "../tools/command-line";

const pages = [...readdirSync("."), ...readdirSync("docs").map((name) => join("docs", name))].filter((path) =>
  path.endsWith(".md"),
);
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };

test.each(pages)("%s links to files that exist", (page) => {
  const links = [...readFileSync(page, "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link!);
  expect(links.filter((link) => !existsSync(normalize(join(dirname(page), link))))).toEqual([]);
});

const files = readdirSync(".", { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !/^(\.|node_modules)/.test(entry.name))
  .flatMap(({ name }) => readdirSync(name, { recursive: true, encoding: "utf8" }).map((path) => join(name, path)));

// The changelog names what was there once.
test.each(pages.filter((page) => page !== "CHANGELOG.md"))("%s names files and npm scripts that exist", (page) => {
  const text = readFileSync(page, "utf8");
  const paths = [...text.matchAll(/`([\w./[\]@-]+\/[\w./[\]@-]+\.(?:tsx?|mjs|json|py))`/g)].map(([, path]) => path!);
  const placeholder = /\b[A-Z]{4,}\b/; // spec/methods/NAME.ts
  const missing = paths.filter(
    (path) => !placeholder.test(path) && !files.some((file) => `/${file}`.endsWith(`/${path}`)),
  );
  const named = [...text.matchAll(/npm run (?:--silent |-s )?([\w:-]+)/g)].map(([, name]) => name!);
  expect({ missing, scripts: named.filter((name) => !(name in scripts)) }).toEqual({ missing: [], scripts: [] });
});

// its adapter or model lies in the folder itself, as `folderOf` says to the page Models
test.each(pages)("%s names a run's own folder where it means its result", (page) => {
  expect(readFileSync(page, "utf8")).not.toMatch(/data\/local\/runs\/\w+\/output/);
});

const commands = programs.flatMap(({ commands }) => commands.map((command) => command.name()));
const testFiles = files.filter((file) => /\.test\.ts$/.test(file));

test.each(pages.filter((page) => page !== "CHANGELOG.md"))("%s names commands and tests that exist", (page) => {
  const text = readFileSync(page, "utf8");
  const named = [...text.matchAll(/(?:^|`)(?:npm run --silent workbench -- |workbench )([a-z][\w-]+)/gm)].map(
    ([, name]) => name!,
  );
  const filters = [...text.matchAll(/npx vitest run ([^`\n#]+)/g)].flatMap(([, words]) =>
    words!.split(" -t ")[0]!.trim().split(" "),
  );
  const missing = filters.filter((filter) => filter !== "FILE" && !testFiles.some((file) => file.includes(filter)));
  expect({ commands: named.filter((name) => !commands.includes(name)), missing }).toEqual({
    commands: [],
    missing: [],
  });
});

test("the README's tree has every folder, and no folder that is not there", () => {
  const tree = /## The tree[\s\S]*?```\n([\s\S]*?)```/.exec(readFileSync("README.md", "utf8"))![1]!;
  let top = "";
  const named: string[] = [];
  for (const line of tree.split("\n"))
    for (const [, indent, name] of line.matchAll(/(^| {2,})([\w-]+)\/(?= )/g)) {
      if (indent === "") top = name!;
      named.push(indent === "" ? name! : join(top, name!));
    }
  const folders = (path: string) =>
    readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [join(path, entry.name)] : [],
    );
  const hidden = /^(\.|node_modules|test-results|playwright-report)/;
  const there = [...folders(".").filter((name) => !hidden.test(name)), ...["spec", "trainers", "lib"].flatMap(folders)];
  expect(there.filter((path) => !named.includes(path))).toEqual([]);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

test("docs/http.md has every route of the API", () => {
  const text = readFileSync("docs/http.md", "utf8");
  const routes = readdirSync("app/api", { recursive: true, encoding: "utf8" })
    .filter((file) => /(^|\/)route\.ts$/.test(file))
    .map((file) => `/api/${dirname(file).replaceAll(/\[\w+\]/g, "ID")}`);
  expect(routes.filter((route) => !new RegExp(`${route}[\`,? ]`).test(text))).toEqual([]);
});
