// Which files a folder gives.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dataFiles } from "./files";

const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
for (const part of ["a", "a/.cache", "empty"]) mkdirSync(join(folder, part));
for (const name of [
  "b.jsonl",
  "a/0.parquet",
  "a/1.CSV.gz",
  "a/.cache/x.json",
  "README.md",
  "dataset_info.json",
  "c.tsv.zst",
])
  writeFileSync(join(folder, name), "");

test("C12: a folder is the files of rows in it, in the order of their names, without caches and descriptions", () => {
  const names = ["a/0.parquet", "a/1.CSV.gz", "b.jsonl", "c.tsv.zst"].map((name) => join(folder, name));
  expect(dataFiles([folder])).toEqual(names);
  const readme = join(folder, "README.md");
  expect(dataFiles([join(folder, "b.jsonl"), readme, folder])).toEqual([
    names[2],
    readme,
    names[0],
    names[1],
    names[3],
  ]);
});

test("C16: a folder without such files, and a path that is none, are refused by name", () => {
  expect(() => dataFiles([join(folder, "empty")])).toThrow(/empty holds no file of rows/);
  expect(() => dataFiles([join(folder, "nowhere")])).toThrow(/nowhere cannot be read: there is no such file/);
});
