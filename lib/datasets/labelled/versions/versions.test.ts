import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { runConfig } from "../../../../spec/config";
import { freshDatabase, seedQueue } from "../../../../test/database";
import { runsOnLabelled } from "../../../access/hidden-runs";
import { checkDataset } from "../../../data-checks/check-dataset";
import { findingsFile, reportOfChecks, rowsFound } from "../../../data-checks/kept-findings";
import { appDb } from "../../../db/client";
import { runs } from "../../../db/tables/runs";
import { type LabelledSet, labelledChanges } from "../../../db/tables/training-sets";
import { resolveRun } from "../../../runs/launch";
import { dataFile, withVersion } from "../../data-files";
import { createFreezer } from "../../snapshots/freezer";
import { labelledNow, labelledPath, labelledSet, loadLabelled } from "../labelled-sets";
import { listRows } from "../list-rows";
import { indexRows } from "../row-index";
import { changeRows } from "./change-rows";
import { openFindings } from "./open-findings";
import { detailOf } from "./row-detail";
import { setToCheck } from "./set-to-check";
import { versionFile } from "./version-file";
import { newestStatistics } from "./version-statistics";
import { listVersions, newestVersion } from "./versions";

const pair = (i: number, rejected = `No, not ${i}.`) => ({
  prompt: `What is the number after ${i - 1}?`,
  chosen: `It is ${i}.`,
  rejected,
  id: `row-${i}`,
});
/** Row 3 repeats row 1, row 4 says the opposite of row 2, row 5 holds an address. */
const rows = [
  pair(1),
  pair(2),
  pair(1),
  { ...pair(2), chosen: "No, not 2.", rejected: "It is 2." },
  pair(5, "Ask jane.doe@example.com."),
  pair(6),
];

let set: LabelledSet;
beforeAll(async () => {
  freshDatabase();
  seedQueue(0, 2);
  const file = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "rows.jsonl");
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join("\n"));
  set = labelledSet((await loadLabelled("numbers", file, 0)).id);
  await indexRows(set.sha256, set.rows);
});

const kept = ({ id }: LabelledSet) => ({ kind: "labelled", id }) as const;
const linesOf = (path: string) =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as (typeof rows)[number]);
const current = async () => linesOf(await versionFile(set, newestVersion(set).number));
const list = async (q: string, only: string) => (await listRows(set, { q, only, after: 0 })).rows.map(({ id }) => id);
const only = (what: string) => list("", what);
const search = (q: string) => list(q, "");

test("the checks find rows by their lines, and acting on each makes a version that says who did it and why", async () => {
  await checkDataset(setToCheck(set), { files: [], names: [], webRules: false }, 7);
  expect(reportOfChecks(kept(set))).toMatchObject({ version: 1, rows: 6, at: 7 });
  expect([
    rowsFound(kept(set), "repeated"),
    rowsFound(kept(set), "contradicted"),
    rowsFound(kept(set), "private"),
  ]).toEqual([[3], [4], [5]]);
  expect(await only("private")).toEqual([5]);

  const excluded = await changeRows(set, { action: "exclude", of: { check: "repeated" }, reason: "Duplicates" }, 1, 10);
  expect(excluded).toEqual({ number: 2, changed: 1, refused: [] });
  expect((await current()).map(({ id }) => id)).toEqual(["row-1", "row-2", "row-2", "row-5", "row-6"]);
  expect(newestVersion(set)).toMatchObject({ number: 2, rows: 5, pairs: 5 });

  const findings = () => readFileSync(findingsFile(kept(set)), "latin1");
  expect(findings()).toContain("jane.doe");
  await changeRows(set, { action: "mask", of: { check: "private" }, reason: "Personal data" }, 2, 11);
  expect((await current())[3]!.rejected).toBe("Ask [email address].");
  expect(findings()).not.toContain("jane.doe");
  expect([await search("jane"), await search("ask address")]).toEqual([[], [5]]); // as it is now, not as it came

  const texts = [{ at: ["rejected"], text: "It is 22." }];
  await changeRows(set, { action: "edit", row: 4, texts, reason: "Label was wrong" }, 1, 12);
  expect((await current())[2]).toEqual({ ...rows[3], rejected: "It is 22." }); // all other columns are kept
  expect([await only("excluded"), await only("changed")]).toEqual([[3], [4, 5]]);
  expect(openFindings(set, reportOfChecks(kept(set))!)).toEqual({ repeated: 0, contradicted: 0, private: 0 });

  expect(
    listVersions(set.id).map(({ number, action, reason, who, changed }) => [number, action, reason, who, changed]),
  ).toEqual([
    [4, "edit", "Label was wrong", "rater 1", 1],
    [3, "mask", "Personal data", "rater 2", 1],
    [2, "exclude", "Duplicates", "rater 1", 1],
  ]);
  expect(detailOf(set, 3)).toMatchObject({
    excluded: true,
    history: [{ number: 2 }],
    findings: [{ check: "repeated" }],
  });
  expect(linesOf(labelledPath(set.id))).toEqual(rows); // the import stays as it was
  // of what is left row 4 has the prompt of row 2
  expect(await newestStatistics(set)).toMatchObject({ version: 4, statistics: { rows: 5, repeated: 1 } });
});

test("an undo brings the rows of a version back, once, and leaves alone what came later", async () => {
  const undo = (version: number) => changeRows(set, { action: "undo", version }, 2, 20);
  expect(await undo(2)).toEqual({ number: 5, changed: 1, refused: [] });
  expect((await current()).map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  await expect(undo(2)).rejects.toThrow("Version 2 is undone already");
  await changeRows(
    set,
    { action: "edit", row: 4, texts: [{ at: ["rejected"], text: "It is 222." }], reason: "again" },
    1,
    21,
  );
  await expect(undo(4)).rejects.toThrow("later versions changed its rows again");
  await undo(6);
  expect((await current())[3]!.rejected).toBe("It is 22."); // as it was before version 6, not as imported
  await undo(5); // the undo of the undo
  expect(await current()).toHaveLength(5);
  await undo(3);
  expect((await current())[3]!.rejected).toBe("Ask jane.doe@example.com.");
  // the search follows each version: row 5 is as it was imported again, row 4 as version 4 made it
  expect([await search("jane"), await search("address"), await search("22"), await only("changed")]).toEqual([
    ...[[5], [], [4], [4]],
  ]);
});

test("what cannot be is refused, and what changes nothing makes no version", async () => {
  const { number } = newestVersion(set);
  const edit = (row: number, at: (string | number)[], text: string) =>
    changeRows(set, { action: "edit", row, texts: [{ at, text }], reason: "test" }, 1, 30);
  await expect(edit(1, ["rejected"], "It is 1.")).rejects.toThrow("Row 1 rejected is the same as chosen.");
  await expect(edit(1, ["nowhere"], "x")).rejects.toThrow("Row 1 there is no nowhere.");
  await expect(edit(99, ["rejected"], "x")).rejects.toThrow(/no row 99/);
  const all = { rows: rows.map((_, i) => i + 1) };
  await expect(changeRows(set, { action: "exclude", of: all, reason: "all" }, 1, 31)).rejects.toThrow(
    "at least one row",
  );
  expect(await changeRows(set, { action: "mask", of: { rows: [1, 2] }, reason: "none" }, 1, 32)).toEqual({
    ...{ number: null, changed: 0, refused: [] },
  });
  await expect(changeRows(set, { action: "exclude", of: { check: "alike" }, reason: "x" }, 1, 33)).rejects.toThrow(
    "No row",
  );
  expect(newestVersion(set).number).toBe(number);
});

test("a change of many rows says how far it is; cancelled, it leaves nothing, and nobody else makes a version meanwhile", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "many.jsonl");
  const mails = Array.from({ length: 1100 }, (_, i) => pair(i, `Mail p${i}@home.example.`));
  writeFileSync(file, mails.map((row) => JSON.stringify(row)).join("\n"));
  const many = labelledSet((await loadLabelled("many", file, 0)).id);
  await indexRows(many.sha256, many.rows);
  const mask = { action: "mask", of: { rows: mails.map((_, i) => i + 1) }, reason: "x" } as const;
  const cancelling = new AbortController();
  const said: string[] = [];
  const says = (line: string) => {
    said.push(line);
    if (said.length === 2) cancelling.abort();
  };
  const cancelled = changeRows(many, mask, 1, 20, { says, cancelled: cancelling.signal });
  await expect(changeRows(many, mask, 1, 20)).rejects.toThrow(/are being changed; wait/);
  await expect(cancelled).rejects.toThrow("Cancelled: no row is changed.");
  expect(said).toEqual(["500 of 1100 rows", "1000 of 1100 rows"]);
  expect(appDb().select().from(labelledChanges).where(eq(labelledChanges.setId, many.id)).all()).toEqual([]);
  expect(newestVersion(many).number).toBe(1);
  expect(await changeRows(many, mask, 1, 21)).toEqual({ number: 2, changed: 1100, refused: [] });
  expect(await changeRows(many, { action: "undo", version: 2 }, 1, 22)).toMatchObject({ number: 3, changed: 1100 });
});

test("a run reads the version of its launch, by number, and earlier ones the rows that they were launched on", async () => {
  const { number } = newestVersion(set);
  expect(labelledNow(set.id)).toBe(`labelled:${set.id}@${number}`);
  await withVersion(`labelled:${set.id}`);
  const launched = () =>
    resolveRun(
      { data: { kind: "labelled", id: set.id }, config: { method: "dpo", model: { source: "tiny" } } },
      "unused",
      createFreezer(0),
    ).config;
  const config = launched();
  expect(config.data.train).toBe(`labelled:${set.id}@${number}`);
  const before = linesOf(dataFile(String(config.data.train)));
  await changeRows(set, { action: "exclude", of: { rows: [1] }, reason: "later" }, 1, 40);
  expect(linesOf(dataFile(String(config.data.train)))).toEqual(before);
  expect(() => dataFile(labelledNow(set.id))).toThrow("has just been made");
  const named = dataFile(await withVersion("dataset:numbers"));
  expect(linesOf(named)).toHaveLength(before.length - 1);
  expect(linesOf(dataFile(await withVersion(`dataset:numbers@${number}`)))).toEqual(before);
  expect(linesOf(dataFile(`labelled:${set.id}`))).toEqual(rows); // as stored configs name the import
  const row = {
    id: "run",
    name: "run",
    method: "dpo",
    config: runConfig.parse({ ...config, output: "x" }),
    status: "queued",
    createdAt: 0,
  } as const;
  appDb().insert(runs).values(row).run();
  expect(runsOnLabelled(set.id).map(({ id }) => id)).toEqual(["run"]);
});

test("rows are checked against any dataset or file, splits by almost the same prompt, and lengths", async () => {
  const question = "Which of the two rivers that meet in Koblenz is the longer one, and where does it begin?";
  const long = Array.from({ length: 50 }, (_, i) => `word${i}`).join(" ");
  const made = [
    { prompt: question, chosen: "The Rhine.", rejected: "The Moselle." },
    { prompt: `${question} Say`, chosen: long, rejected: "It." },
  ];
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  const [file, tests] = [join(folder, "rivers.jsonl"), join(folder, "tests.jsonl")];
  writeFileSync(file, made.map((row) => JSON.stringify(row)).join("\n"));
  writeFileSync(tests, JSON.stringify({ prompt: question, completion: "The Rhine." }));
  const rivers = labelledSet((await loadLabelled("rivers", file, 0)).id);
  await checkDataset(setToCheck(rivers), { files: [tests], names: ["tests"], webRules: false }, 0);
  expect(reportOfChecks(kept(rivers))!.against).toEqual(["tests"]);
  expect([
    rowsFound(kept(rivers), "contaminated"),
    rowsFound(kept(rivers), "leaking"),
    rowsFound(kept(rivers), "lopsided"),
  ]).toEqual([[1, 2], [2], [2]]);
});
