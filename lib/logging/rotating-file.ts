// A log file that stays small. pino-roll would do the same from a worker thread, where the last lines before a crash are lost, and brings
// date-fns along.
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** Appends to `path`. A full file becomes `path.1`, the one before it `path.2` and so on; of those `kept` are kept. */
export function rotatingFile(path: string, { bytes, kept }: { bytes: number; kept: number }) {
  mkdirSync(dirname(path), { recursive: true });
  let file = openSync(path, "a");
  let size = fstatSync(file).size;

  function rotate(): void {
    closeSync(file);
    for (let age = kept; age > 0; age--) {
      const newer = age === 1 ? path : `${path}.${age - 1}`;
      if (existsSync(newer)) renameSync(newer, `${path}.${age}`);
    }
    file = openSync(path, "a");
    size = 0;
  }

  return {
    write(text: string): void {
      try {
        if (size > 0 && size + Buffer.byteLength(text) > bytes) rotate();
        size += writeSync(file, text);
      } catch (error) {
        process.stderr.write(`${path} cannot be written: ${(error as Error).message}\n`); // a full disk, mostly: work goes on
      }
    },
  };
}
