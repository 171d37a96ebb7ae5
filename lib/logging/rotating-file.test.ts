import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rotatingFile } from "./rotating-file";

const fresh = () => join(mkdtempSync(join(tmpdir(), "workbench-log-")), "logs", "web.log");
const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : null);

test("a full file is kept under a number, the oldest goes, and no line is cut", () => {
  const path = fresh();
  const file = rotatingFile(path, { bytes: 10, kept: 2 });
  for (const line of ["first\n", "two\n", "third\n", "fourth is longer than a file\n", "fifth\n"]) file.write(line);
  expect([path, `${path}.1`, `${path}.2`, `${path}.3`].map(read)).toEqual([
    "fifth\n",
    "fourth is longer than a file\n",
    "third\n",
    null,
  ]);
});

test("a later process goes on with the file, and with its size", () => {
  const path = fresh();
  rotatingFile(path, { bytes: 10, kept: 1 }).write("before\n");
  const file = rotatingFile(path, { bytes: 10, kept: 1 });
  file.write("é\n");
  file.write("after\n");
  expect([read(path), read(`${path}.1`)]).toEqual(["after\n", "before\né\n"]);
});
