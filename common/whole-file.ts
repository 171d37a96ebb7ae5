import { renameSync, writeFileSync } from "node:fs";

/** Whoever reads the file meets the old text or the new one, never a part. */
export function writeWhole(path: string, text: string): void {
  const aside = `${path}.${process.pid}.tmp`;
  writeFileSync(aside, text, { flush: true });
  renameSync(aside, path);
}
