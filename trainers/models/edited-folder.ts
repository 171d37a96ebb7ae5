// For tests: a model's folder with some of its files changed, in a folder of its own.
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a JSON file's fields become; a text is the whole file. */
export type Edits = Record<string, Record<string, unknown> | string>;

/** A copy of `folder`; fields that are set to undefined go. */
export function editedFolder(folder: string, edits: Edits): string {
  const copy = mkdtempSync(join(tmpdir(), "workbench-test-"));
  for (const file of readdirSync(folder)) copyFileSync(join(folder, file), join(copy, file));
  for (const [file, edit] of Object.entries(edits)) {
    const path = join(copy, file);
    const before = existsSync(path) && typeof edit !== "string" ? JSON.parse(readFileSync(path, "utf8")) : {};
    writeFileSync(path, typeof edit === "string" ? edit : JSON.stringify({ ...before, ...edit }));
  }
  return copy;
}
