import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * The files of `part` of `folder`, a file or a folder, as paths relative to `folder`. Files come before subfolders: an events file is copied
 * before the checkpoints that its lines name. What is deleted meanwhile is passed over, and so are checkpoints that are still being written.
 */
export function* filesBelow(folder: string, part: string): Generator<string> {
  const entries = entriesOf(join(folder, part));
  if (entries === null) return void (yield part);
  for (const entry of entries) if (entry.isFile()) yield join(part, entry.name);
  for (const entry of entries)
    if (entry.isDirectory() && !entry.name.startsWith("tmp-")) yield* filesBelow(folder, join(part, entry.name));
}

/** Null for a file. */
function entriesOf(path: string): Dirent[] | null {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTDIR") return null;
    if (code === "ENOENT") return [];
    throw error;
  }
}
