import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { checkFile } from "./check-file";

const folder = mkdtempSync(join(tmpdir(), "workbench-check-"));
function fileOf(name: string, ...rows: unknown[]): string {
  const file = join(folder, name);
  writeFileSync(file, rows.map((row) => `${typeof row === "string" ? row : JSON.stringify(row)}\n`).join(""));
  return file;
}

async function checked(...words: string[]) {
  const said = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  try {
    await checkFile.parseAsync(words, { from: "user" });
    return JSON.parse(String(said.mock.calls[0]![0])) as {
      rows: number;
      kept?: number;
      languages: Record<string, number>;
      checks: Record<string, number>;
      findings: { row: number; line: number; check: string; detail: string }[];
    };
  } finally {
    said.mockRestore();
  }
}

const question =
  "The harbour was empty in the morning, and nobody knew where the old fisherman had gone with his boat.";
const exam = {
  prompt: "Why does the lake in the hills have no fish, although three clear rivers run into it?",
  completion: "Salt.",
};

test("rows of files are checked: repeated, near, contaminated, private, unreadable, and pages by the rules for web text", async () => {
  const rows = fileOf(
    "rows.jsonl",
    { prompt: question, completion: "He sold it." },
    { prompt: `${question} `, completion: "he sold  it." },
    {
      prompt: "Wohin ist der alte Fischer mit seinem Boot gefahren?",
      completion: "Schreib an jo@hafen.example, er weiß es.",
    },
    { prompt: exam.prompt.toUpperCase(), completion: "Nobody has found out so far." },
    { text: "Home\nAbout\nContact" },
    "{broken",
  );
  const clean = join(folder, "clean.jsonl");
  const report = await checked(rows, "--against", fileOf("exam.jsonl", exam), "--clean", clean);
  expect(report).toMatchObject({ rows: 6, kept: 2, languages: { en: 4, de: 1 } });
  expect(report.findings.map(({ line, check }) => `${line} ${check}`)).toEqual([
    "2 repeated",
    "3 private",
    "4 contaminated",
    "5 gopherQuality",
    "5 gopherRepetition",
    "5 c4Quality",
    "5 fineWebQuality",
    "6 unreadable",
  ]);
  expect(report.findings[0]!.detail).toBe("the same as line 1");
  expect(linesIn(clean)).toEqual([
    { prompt: question, completion: "He sold it." },
    {
      prompt: "Wohin ist der alte Fischer mit seinem Boot gefahren?",
      completion: "Schreib an [email address], er weiß es.",
    },
  ]);
});

const linesIn = (file: string) =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

test("what is masked stands in texts of rows; all else is written as it came", async () => {
  const key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA4f5wg5l2hKsTeNem\n-----END RSA PRIVATE KEY-----";
  const call = (to: string) => ({ type: "function", function: { name: "send", arguments: { to } } });
  const rowsWith = (key: string, mail: string, ip: string) => [
    { id: "4111111111111111", url: "http://8.8.8.8/", note: null, prompt: question, completion: "He sold it." },
    { id: "5500000000000004", prompt: "Where is the key?", completion: `Here: ${key}`, copy: [key], at: "2125550123" },
    {
      source: "http://8.8.8.8/",
      messages: [
        { role: "user", content: [{ type: "text", text: `Write to ${mail}, please.` }] },
        { role: "assistant", content: null, tool_calls: [call(mail)] },
        { role: "tool", tool_call_id: "4111111111111111", content: `Sent from ${ip}` },
        { role: "assistant", content: "Done." },
        { role: "user", content: `And once more to ${mail}` },
      ],
    },
    { prompt: "Whom?", completions: JSON.stringify([`Ask ${mail} now`, key]), ranks: "[1, 2]" },
  ];
  const clean = join(folder, "masked.jsonl");
  const report = await checked(
    fileOf("secrets.jsonl", ...rowsWith(key, "jo@hafen.example", "8.8.4.4")),
    "--clean",
    clean,
  );
  expect(report.findings.map(({ line, detail }) => `${line} ${detail}`)).toEqual([
    "2 private key ----…",
    "3 email address jo@hafen.example",
    "3 IP address 8.8.4.4",
    "4 email address jo@hafen.example",
    "4 private key ----…",
  ]);
  expect(linesIn(clean)).toEqual(rowsWith("[private key]", "[email address]", "[IP address]"));
});

test("a row is left out where its answers are one once they are masked", async () => {
  const rows = fileOf("one.jsonl", {
    prompt: question,
    chosen: "Ask jo@hafen.example",
    rejected: "Ask al@hafen.example",
  });
  const clean = join(folder, "one-clean.jsonl");
  expect(await checked(rows, "--clean", clean)).toMatchObject({ rows: 1, kept: 0, checks: { private: 1 } });
  expect(readFileSync(clean, "utf8")).toBe("");
});

const kto = (label: boolean) => ({ prompt: "Is the harbour empty?", completion: "Yes, since the morning.", label });
const pair = (chosen: string, rejected: string) => ({ prompt: "Where is he?", chosen, rejected });
const ranking = (ranks: number[]) => ({ prompt: "Who came?", completions: ["Jo.", "Al.", "Nobody."], ranks });
const steps = (labels: boolean[]) => ({ prompt: "1 + 1 + 1?", completions: ["1 + 1 = 2", "2 + 1 = 3"], labels });
test.each([
  ["labels", kto(true), kto(false), kto(true)],
  ["pairs", pair("At sea.", "At home."), pair("At home.", "at  sea."), pair("At sea.", "At home.")],
  ["rankings", ranking([1, 2, 3]), ranking([2, 1, 3]), ranking([10, 20, 30])],
  ["steps", steps([true, true]), steps([true, false]), steps([true, true])],
])(
  "rows that say the same with other labels contradict each other, and none of them is kept: %s",
  async (name, ...three) => {
    const clean = join(folder, `${name}-clean.jsonl`);
    const report = await checked(fileOf(`${name}.jsonl`, { text: "before" }, ...three, exam), "--clean", clean);
    expect(
      report.findings.filter(({ row }) => row > 1).map(({ line, check, detail }) => [line, check, detail]),
    ).toEqual([
      [3, "contradicted", "the same as line 2, with another label"],
      [4, "repeated", "the same as line 2"],
    ]);
    expect(linesIn(clean)).toContainEqual(exam);
    expect(linesIn(clean)).not.toContainEqual(three[0]);
    expect(report.kept).toBe(linesIn(clean).length);
  },
);

test.each([
  ["zh", "很久以前，有一艘船在早晨离开了港口，晚上回来的时候，渔网里除了盐和雾什么也没有。"],
  ["de", "Das Schiff verließ am Morgen den Hafen und kam am Abend mit nichts als Salz und Nebel zurück!"],
  ["ar", "غادرت السفينة الميناء في الصباح وعادت في المساء ولم يكن في شباكها سوى الملح والضباب۔"],
])("the rules for English pages are not held against a page in %s", async (language, text) => {
  const report = await checked(fileOf(`${language}.jsonl`, { text }));
  expect(report).toMatchObject({ languages: { [language]: 1 }, findings: [] });
});

test("a folder is read without the file that is written in it, also the second time", async () => {
  const data = mkdtempSync(join(folder, "data-"));
  writeFileSync(join(data, "a.jsonl"), `${JSON.stringify(exam)}\n`);
  expect(await checked(data, "--clean", join(data, "clean.jsonl"))).toMatchObject({ rows: 1, kept: 1, findings: [] });
  expect(readdirSync(data)).toEqual(["a.jsonl", "clean.jsonl"]);
});

test("where something is wrong with what was asked, no file is left; one that is there is not written over", async () => {
  const rows = fileOf("once.jsonl", exam);
  const clean = join(folder, "never.jsonl");
  const strange = fileOf("strange.jsonl", exam, { Frage: "?" });
  await expect(checked(join(folder, "none.jsonl"), "--clean", clean)).rejects.toThrow(/no such file/);
  await expect(checked(rows, "--against", strange, "--clean", clean)).rejects.toThrow(/^line 2: columns found: Frage;/);
  expect(readdirSync(folder).filter((name) => name.startsWith("never"))).toEqual([]);
  await expect(checked(rows, "--clean", rows)).rejects.toThrow(/once\.jsonl is there already; name another file/);
  await expect(checked(rows, "--clean", join(folder, "no", "x"))).rejects.toThrow(/cannot be written/);
  expect(readFileSync(rows, "utf8")).toBe(`${JSON.stringify(exam)}\n`);
});
