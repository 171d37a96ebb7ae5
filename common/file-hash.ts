import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

/** SHA-256 of the files' bytes, one after the other, as hex; read in parts, for a model may be larger than memory. */
export function fileHash(...paths: string[]): string {
  const hash = createHash("sha256");
  const part = Buffer.alloc(1 << 22);
  for (const path of paths) {
    const file = openSync(path, "r");
    for (let count = readSync(file, part); count > 0; count = readSync(file, part))
      hash.update(part.subarray(0, count));
    closeSync(file);
  }
  return hash.digest("hex");
}
