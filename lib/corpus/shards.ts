// Rows in files of a size that is handled well, each written whole.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const shardCharacters = 32 << 20;

export function shards(folder: string, gzip: boolean) {
  let [lines, size, number] = [[] as string[], 0, 0];
  const flush = () => {
    if (lines.length === 0) return;
    mkdirSync(folder, { recursive: true });
    const name = join(folder, `${String(number++).padStart(5, "0")}.jsonl`);
    const bytes = Buffer.from(lines.join(""));
    if (gzip) writeFileSync(`${name}.gz`, gzipSync(bytes), { flush: true });
    else writeFileSync(name, bytes, { flush: true });
    [lines, size] = [[], 0];
  };
  return {
    add(row: object): void {
      const line = `${JSON.stringify(row)}\n`;
      lines.push(line);
      size += line.length;
      if (size >= shardCharacters) flush();
    },
    flush,
  };
}
