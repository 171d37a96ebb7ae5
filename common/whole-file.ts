import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";

/** Whoever reads the file meets the old text or the new one, never a part. */
export function writeWhole(path: string, text: string): void {
  const aside = `${path}.${process.pid}.tmp`;
  writeFileSync(aside, text, { flush: true });
  renameSync(aside, path);
}

/** A file's content, or a folder's names, on the disk and not in memory alone: a power cut leaves them whole. */
export function syncPath(path: string): void {
  const file = openSync(path, "r");
  fsyncSync(file);
  closeSync(file);
}
