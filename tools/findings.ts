// `npm run findings`: docs/findings.md, the table of what reviews found wrong and the tests that hold it right, made from the tests' titles.
// A title that begins with ids ("F7, C11: …") belongs to those rows of findings.json.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

export interface Evidence {
  file: string;
  title: string;
}

const root = join(import.meta.dirname, "..");
const folders = ["app", "common", "lib", "spec", "trainers", "scripts", "test", "tools", "e2e"];
const finding = z.strictObject({ id: z.string(), what: z.string() });
export const findings = z
  .array(finding)
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, "findings.json"), "utf8")));

const titled = /(["'`])((?:[A-Z]{1,2}\d*[a-z]?(?:, )?)+): ((?:(?!\1)[^\n])+)\1/g;

/** Every test whose title begins with ids, and those ids. */
export function titledTests(): (Evidence & { ids: string[] })[] {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(test|spec)\.tsx?$/.test(path))
      .map((path) => `${folder}/${path}`),
  );
  return files.sort().flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(titled)].map(([, , ids, title]) => ({
      file,
      title: title!,
      ids: ids!.split(", "),
    })),
  );
}

/** Tests of each finding, by its id. */
export function evidence(): Map<string, Evidence[]> {
  const found = new Map<string, Evidence[]>(findings.map(({ id }) => [id, []]));
  for (const { ids, ...test } of titledTests()) for (const id of ids) found.get(id)?.push(test);
  return found;
}

/** The page as it should be. */
export function findingsPage(): string {
  const tests = evidence();
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\\n", " ");
  const rows = findings.map(({ id, what }) => {
    const lines = tests.get(id)!.map(({ file, title }) => `\`${file}\`: ${cell(title)}`);
    return `| ${id} | ${cell(what)} | ${lines.join("<br>")} |`;
  });
  return `# Findings and their tests

What a review found wrong at commit 0afd992, and the tests that keep it right. \`npm run findings\` makes this page from the titles of the tests;
\`npx vitest run FILE -t ID\` runs those of one finding (\`e2e/\`: \`npm test\`).

| | what holds | tests |
| --- | --- | --- |
${rows.join("\n")}
`;
}

export const page = join(root, "docs", "findings.md");
if (process.argv[1] === import.meta.filename) writeFileSync(page, findingsPage());
