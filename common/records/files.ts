// Which files somebody means who names files and folders: one dataset may lie in many.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { FieldError } from "../../spec/field-error";
import { holdsRows } from "../../spec/row-files";

/** Every file of rows, in the order of their names; a file that is named itself is taken whatever it is called. */
export function dataFiles(paths: string[]): string[] {
  const files = paths.flatMap((path) => (isFolder(path) ? filesIn(path) : [path]));
  return [...new Set(files)];
}

function isFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new FieldError("file", `${path} cannot be read: there is no such file`);
  return found.isDirectory();
}

/** Hidden folders hold caches, no data. */
function filesIn(folder: string): string[] {
  const found = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        holdsRows(path) &&
        !path
          .slice(folder.length)
          .split("/")
          .some((part) => part.startsWith(".")),
    )
    .sort();
  if (found.length === 0)
    throw new FieldError("file", `${folder} holds no file of rows (JSON, JSON lines, CSV, Parquet or Arrow)`);
  return found;
}
