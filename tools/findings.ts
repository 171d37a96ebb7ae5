// `npm run findings`: the tables of what reviews found wrong and the tests that hold it right, made from the tests' titles.
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
const finding = z.strictObject({
  id: z.string(),
  /** What holds now, or will. */
  what: z.string(),
  /** Of the review of the interface: what was found, and how bad it was. */
  severity: z.enum(["B", "T", "L", "W"]).optional(),
  found: z.string().optional(),
  /** What of it is not done, and why. */
  open: z.string().optional(),
});
type Finding = z.infer<typeof finding>;
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

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\\n", " ");

const testsOf = (tests: Evidence[]) => tests.map(({ file, title }) => `\`${file}\`: ${cell(title)}`).join("<br>");

const isOfInterface = ({ id }: Finding) => /^U\d+$/.test(id);

/** What the review of the code found, and its tests. */
export function findingsPage(): string {
  const tests = evidence();
  const rows = findings
    .filter((finding) => !isOfInterface(finding))
    .map(({ id, what }) => `| ${id} | ${cell(what)} | ${testsOf(tests.get(id)!)} |`);
  return `# Findings and their tests

What a review found wrong at commit 0afd992, and the tests that keep it right. \`npm run findings\` makes this page from the titles of the tests;
\`npx vitest run FILE -t ID\` runs those of one finding (\`e2e/\`: \`npm test\` and \`npm run test:long\`). What the review of the interface found is in
[its own table](interface-findings.md).

| | what holds | tests |
| --- | --- | --- |
${rows.join("\n")}
`;
}

/** What the review of the interface found, what was done, and what is open. */
export function interfacePage(): string {
  const tests = evidence();
  const found = findings.filter(isOfInterface);
  const open = found.filter((finding) => finding.open !== undefined);
  const rows = found.map(({ id, severity, found, what, open }) => {
    const done = open === undefined ? cell(what) : `**Open:** ${cell(open)}`;
    return `| ${id} | ${severity} | ${cell(found!)} | ${done} | ${testsOf(tests.get(id)!)} |`;
  });
  return `# Findings about the interface

What three users (an annotator, a researcher, a team lead) found at commit 0afd992, what holds now, and the tests that show it: ${found.length} findings,
${found.length - open.length} done${open.length > 0 ? `, ${open.length} with something open (${open.map(({ id }) => id).join(", ")})` : ""}. Severity: B blocked the job or lost data, T cost time, L looked poor, W wording.
\`npm run findings\` makes this page from the titles of the tests; journeys (\`e2e/\`) run by \`npm test\` and \`npm run test:long\`.

| | | found | now | tests |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}

/** Each page as it should be, by its path. */
export const pages = () =>
  new Map([
    [join(root, "docs", "findings.md"), findingsPage()],
    [join(root, "docs", "interface-findings.md"), interfacePage()],
  ]);
if (process.argv[1] === import.meta.filename) for (const [path, text] of pages()) writeFileSync(path, text);
