// Files on their way to a server.
import { openAsBlob, readdirSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { Refusal, say } from "../common/command-line";
import { type FileFormat, fileFormats } from "../lib/datasets/imports/import-schema";

/** By its ending. */
export function formatOf(file: string): FileFormat {
  const ending = basename(file)
    .toLowerCase()
    .replace(/^.*?\.(?=\w+(\.(gz|zst))?$)/, "")
    .replace("ndjson", "jsonl");
  const format = fileFormats.find((one) => one === ending);
  if (format) return format;
  throw new Refusal(`file: ${file}: its ending says no format that rows come in; there are ${fileFormats.join(", ")}`);
}

/** Streamed from the disk as it is sent. */
export async function bytesOf(file: string): Promise<Blob> {
  const bytes = await openAsBlob(file).catch((error: unknown) => {
    throw new Refusal(`file: ${file}: ${error instanceof Error ? error.message : error}`, { cause: error });
  });
  if (bytes.size > 2 ** 20) say(`sending ${file}, ${(bytes.size / 2 ** 20).toFixed(1)} MiB`);
  return bytes;
}

interface Named {
  path: string;
  /** As the server is told it: with the folders that it lies in. */
  name: string;
}

/** A file, or those of a folder. */
export function filesIn(path: string): Named[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new Refusal(`file: ${path}: there is no such file or folder`);
  if (found.isFile()) return [{ path, name: basename(path) }];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((file) => ({ path: file, name: join(basename(path), relative(path, file)) }));
}
