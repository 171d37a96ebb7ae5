// Files that grow by whole lines, read piece by piece. A last line without its end is still being written.
import { closeSync, openSync, readSync } from "node:fs";

const partBytes = 1 << 20;

/** The whole lines that begin at byte `from`, about a megabyte of them, and the byte after them. */
export function linesFrom(path: string, from: number): { lines: string[]; end: number } {
  const file = openSync(path, "r");
  try {
    for (let size = partBytes; ; size *= 2) {
      const part = Buffer.alloc(size);
      const read = part.subarray(0, readSync(file, part, 0, size, from));
      const last = read.lastIndexOf("\n");
      if (last >= 0) return { lines: read.toString("utf8", 0, last).split("\n"), end: from + last + 1 };
      if (read.length < size) return { lines: [], end: from };
    }
  } finally {
    closeSync(file);
  }
}

/** All of them, piece by piece. */
export function* linePieces(path: string): Generator<string[]> {
  for (let at = 0; ; ) {
    const { lines, end } = linesFrom(path, at);
    if (lines.length === 0) return;
    yield lines;
    at = end;
  }
}

/** All of them. */
export function* allLines(path: string): Generator<string> {
  for (const lines of linePieces(path)) yield* lines;
}
