// A few hundred documents of our own making through all steps, also by programs that are killed on the way.
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { createRandom } from "../../common/random";
import { piecesOf } from "../../common/text-checks/contamination";
import { end, start, wordsOf } from "../../test/children";
import { freshDatabase } from "../../test/database";
import { scratch } from "../../test/program";
import { corpusFolder } from "./corpus-folder";
import { corpusConfig, type DroppedRow, droppedRow } from "./corpus-schema";
import { makeCorpus } from "./make-corpus";
import { restoreDocuments } from "./restore-documents";

const random = createRandom("corpus");
const pick = (words: string[]) => words[Math.floor(random() * words.length)]!;
const nouns =
  "baker sister engineer captain teacher neighbour mayor gardener gate boat lamp bell ladder map clock window garden river letter horse table mountain paper market bridge winter summer storm friend island forest song kitchen doctor road train flower field coat stone".split(
    " ",
  );
const verbs =
  "painted repaired forgot carried measured remembered described borrowed counted sold found lost kept showed".split(
    " ",
  );
/** No two alike: hardly any five words in a row come again. */
const prose = (sentences = 12) =>
  Array.from(
    { length: sentences },
    () =>
      `The ${pick(nouns)} of the ${pick(nouns)} ${pick(verbs)} a ${pick(nouns)} and ${pick(verbs)} that ${pick(nouns)} with his ${pick(nouns)}.`,
  ).join(" ");

const folder = scratch();
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const page = (text: string) =>
  `<html><body><nav><a href="/">Home</a></nav><article><p>${text}</p></article></body></html>`;
const exam = {
  prompt: "Why does the lake in the hills have no fish, although three clear rivers run into it?",
  answer: "",
};
const first = prose();
const german = "Der Hafen wurde im Frühjahr ausgebaggert, und im Juni legten dort wieder die ersten Fähren an.";

beforeAll(() => {
  for (let i = 0; i < 140; i++) write(`page-${String(i).padStart(3, "0")}.html`, page(prose()));
  write("x-1.txt", first);
  write("x-2-same.md", `---\ntitle: again\n---\n${first.replaceAll(" ", "  ")}`);
  write("x-3-near.txt", first.replace(/\w+\.$/, "instead."));
  write("x-4-mail.txt", `${prose()} Write to jo.doe@harbour.example.org about it.`);
  write("x-5-exam.txt", `${prose()} ${exam.prompt.toUpperCase()}`);
  write("x-6.pdf", "%PDF-1.4 and nothing else");
  write("x-7.html", "<html></html>");
  write("x-8-short.txt", "The harbour is closed, and nobody knows why.");
  write("x-9-german.txt", german);
  const rows = [
    { text: prose(), url: "https://bad.example.com/a" },
    { text: prose(), url: "https://good.example.org/a" },
  ];
  write("y.jsonl", `${rows.map((row) => JSON.stringify(row)).join("\n")}\n{broken\n`);
});

const wanted = corpusConfig.parse({ urls: { domains: ["example.com"] }, languages: ["en"] });
const tested = piecesOf([exam]);
const score = () => {
  throw new Error("no reward model is asked for");
};
const make = (out: string, threads: number, asked = wanted) =>
  makeCorpus({ folders: [folder], out, config: asked, tested, score, threads });
const own = (id: string) => id.slice(folder.length + 1);

/** Every file of the result, with its bytes. */
const filesOf = (out: string): Record<string, string> =>
  Object.fromEntries(
    ["texts", "dropped", "report.json"]
      .flatMap((name) =>
        name.includes(".")
          ? [name]
          : readdirSync(join(out, name), { recursive: true }).map((one) => join(name, String(one))),
      )
      .filter((name) => /\.(jsonl|json|gz)$/.test(name))
      .map((name) => [name, readFileSync(join(out, name), "latin1")]),
  );
const rowsIn = (out: string, name: string) =>
  readFileSync(join(out, name), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: string; text: string; url?: string });
const dropped = (out: string): [string, string, string][] =>
  readdirSync(join(out, "dropped")).flatMap((step) =>
    rowsIn(out, join("dropped", step, "00000.jsonl")).map(
      (row) => [step, own(droppedRow.parse(row).id), (row as unknown as DroppedRow).rule] as [string, string, string],
    ),
  );

const whole = join(scratch(), "out");
let report: Awaited<ReturnType<typeof make>>;
beforeAll(async () => {
  report = await make(whole, 3);
});

test("each document is kept, or dropped at the first step that finds a reason, which stands beside it", () => {
  expect(dropped(whole).sort()).toEqual([
    ["contamination", "x-5-exam.txt", "shared_piece"],
    ["exact", "x-2-same.md", "the same as"],
    ["extraction", "x-6.pdf", "unreadable"],
    ["extraction", "x-7.html", "empty"],
    ["languages", "x-9-german.txt", "de"],
    ["near", "x-3-near.txt", "80 % in common with"],
    ["reading", "y.jsonl#3", "unreadable"],
    ["rules", "x-8-short.txt", "gopher_short_doc"],
    ["urls", "y.jsonl#1", "domain"],
  ]);
  const kept = rowsIn(whole, "texts/00000.jsonl");
  expect(kept).toHaveLength(143); // 140 pages, the first of those that are alike, the one with an address, the good row
  expect(kept.find(({ id }) => id.endsWith("mail.txt"))!.text).toMatch(/Write to \[email address\] about it\.$/);
  expect(kept.at(-1)).toMatchObject({ url: "https://good.example.org/a", language: "en" });
  expect(report).toMatchObject({
    found: { documents: 152 },
    kept: { documents: 143 },
    masked: { documents: 1, kinds: { "email address": 1 } },
  });
  expect(report.steps.map(({ dropped }) => dropped.documents)).toEqual([1, 1, 2, 1, 1, 1, 1, 1, 0]);
  const characters = (text: string[]) => text.reduce((sum, { length }) => sum + length, 0);
  expect(report.kept.characters).toBe(characters(kept.map(({ text }) => text)));
  const near = report.steps.find(({ step }) => step === "near")!.samples[0]!;
  expect([own(near.id), own(near.detail)]).toEqual(["x-3-near.txt", "x-1.txt"]);
});

test("a program that is killed and started again makes the same bytes, on one core as on three", {
  tags: "long",
}, async () => {
  process.env.WORKBENCH_DATA = freshDatabase();
  const asked = join(scratch(), "config.yaml");
  const exams = join(scratch(), "exam.jsonl");
  writeFileSync(asked, JSON.stringify({ urls: { domains: ["example.com"] }, languages: ["en"] }));
  writeFileSync(exams, JSON.stringify({ prompt: exam.prompt, completion: "It is salt." }));
  const out = join(scratch(), "killed");
  const words = wordsOf(
    "lib/cli.ts",
    "corpus",
    folder,
    `--out=${out}`,
    `--config=${asked}`,
    `--against=${exams}`,
    "--threads=1",
  );
  for (const part of [0, 1]) {
    const child = start(words);
    while (!existsSync(join(out, "work", "parts", `0000000${part}.jsonl`))) await sleep(5);
    await end(child, "SIGKILL");
    expect(existsSync(join(out, "report.json"))).toBe(false);
  }
  const child = start(words);
  child.stdout!.resume();
  await new Promise((resolve) => child.once("close", resolve));
  expect(filesOf(out)).toEqual(filesOf(whole));
});

test("documents are restored: no rule drops them, those after them are compared with them, and the rest stays", async () => {
  const out = join(scratch(), "restored");
  cpSync(whole, out, { recursive: true });
  const ids = ["x-8-short.txt", "x-3-near.txt", "y.jsonl#1"].map((name) => join(folder, name));
  const { folders, config: asked } = restoreDocuments(out, ids);
  expect(folders).toEqual([folder]);
  const report = await make(out, 1, asked);
  const before = new Set(rowsIn(whole, "texts/00000.jsonl").map(({ id }) => id));
  const added = rowsIn(out, "texts/00000.jsonl").filter(({ id }) => !before.has(id));
  expect(added.map(({ id }) => own(id))).toEqual(["x-3-near.txt", "x-8-short.txt", "y.jsonl#1"]);
  expect(report.steps.filter(({ restored }) => restored > 0).map(({ step }) => step)).toEqual([
    "urls",
    "rules",
    "near",
  ]);
  expect(dropped(out)).toHaveLength(6);
  expect(() => restoreDocuments(out, ["no-such.txt"])).toThrow(/holds no document no-such\.txt/);
});

test("a folder that was begun with something else is not gone on with, and shards may be packed", async () => {
  const out = join(scratch(), "other");
  const small = scratch();
  writeFileSync(join(small, "a.txt"), prose());
  const asked = { folders: [small], out, config: corpusConfig.parse({ gzip: true }), tested, score, threads: 1 };
  const report = await makeCorpus(asked);
  expect(readdirSync(join(out, "texts"))).toEqual(["00000.jsonl.gz"]);
  expect(await makeCorpus(asked)).toEqual(report);
  await expect(makeCorpus({ ...asked, config: wanted })).rejects.toThrow(/begun with another config/);
  const others = { ...asked, tested: piecesOf([{ ...exam, answer: exam.prompt }]) };
  await expect(makeCorpus(others)).rejects.toThrow(/begun with other rows to test a model with/);
  writeFileSync(join(small, "a.txt"), prose(13));
  await expect(makeCorpus(asked)).rejects.toThrow(/other files, or files that have changed/);
  expect(corpusFolder(out).readReport()).toEqual(report);
});

test("what was done again and interrupted is not taken for done", async () => {
  const out = join(scratch(), "interrupted");
  const small = scratch();
  writeFileSync(join(small, "a.txt"), "The harbour is closed, and nobody knows why.");
  const asked = { folders: [small], out, config: corpusConfig.parse({}), tested, score, threads: 1 };
  expect(await makeCorpus(asked)).toMatchObject({ kept: { documents: 0 } });
  const again = { ...asked, config: restoreDocuments(out, [join(small, "a.txt")]).config };
  await expect(makeCorpus(again, { cancelled: AbortSignal.abort(new Error("cancelled")) })).rejects.toThrow(
    "cancelled",
  );
  expect(await makeCorpus(again)).toMatchObject({ kept: { documents: 1 } });
});
