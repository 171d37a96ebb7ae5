// Every file of the data folder with its size, and what kind of thing it is.
import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { dataFolder } from "../../common/env";
import { type StorageKind, storageKinds } from "./storage-schema";

export interface StoredFile {
  /** Relative to the data folder. */
  path: string;
  bytes: number;
  changedAt: number;
}

export async function storedFiles(): Promise<StoredFile[]> {
  const entries = await readdir(dataFolder(), { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => storedFile(join(entry.parentPath, entry.name))),
  );
  return files.flatMap((file) => file ?? []).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Null for one that was deleted meanwhile. */
async function storedFile(path: string): Promise<StoredFile | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { path: relative(dataFolder(), path), bytes: size, changedAt: mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** The first that matches. */
const patterns: [StorageKind, RegExp][] = [
  ["leftovers", /^(uploads|trash|restoring-\d+)\/|^backups\/[^/]+\.tmp-\d+\/|\/tmp-[^/]*\/|\.\d+\.tmp$/],
  ["databases", /^(app|metrics)\.db(-\w+)?$/],
  ["trainingSets", /^snapshots\//],
  ["checkpoints", /^runs\/[^/]+\/(checkpoints\/|best\/|best\.json$)/],
  ["records", /^runs\/[^/]+\/(events-|attempt-|judgements-|(run|stop|history|metrics)\b)[^/]*$/],
  ["results", /^runs\//],
  ["caches", /^(reference-scores|indexes)\//],
  ["backups", /^(backups|before-restore-[^/]+)\//],
  ["logs", /^logs\//],
];

export const kindOf = (path: string): StorageKind => patterns.find(([, pattern]) => pattern.test(path))?.[0] ?? "other";

export function sizesOf(files: StoredFile[]): Record<StorageKind, number> {
  const sizes = Object.fromEntries(Object.keys(storageKinds).map((kind) => [kind, 0])) as Record<StorageKind, number>;
  for (const { path, bytes } of files) sizes[kindOf(path)] += bytes;
  return sizes;
}
