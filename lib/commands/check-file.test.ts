import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
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
  expect(
    readFileSync(clean, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { prompt: question, completion: "He sold it." },
    {
      prompt: "Wohin ist der alte Fischer mit seinem Boot gefahren?",
      completion: "Schreib an [email address], er weiß es.",
    },
  ]);
});

test("a file that is there already is not written over", async () => {
  const rows = fileOf("once.jsonl", { text: "once" });
  await expect(checked(rows, "--clean", rows)).rejects.toThrow(/EEXIST/);
});
