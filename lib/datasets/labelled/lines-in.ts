// A file of rows, a line each, read without holding more of it than a line.
import { createReadStream } from "node:fs";

/** Lines with the places of their first bytes. */
export async function* linesIn(file: string): AsyncGenerator<{ at: number; line: Buffer }> {
  let [rest, at]: [Buffer, number] = [Buffer.alloc(0), 0];
  for await (const part of createReadStream(file) as AsyncIterable<Buffer>) {
    const all = rest.length > 0 ? Buffer.concat([rest, part]) : part;
    let start = 0;
    for (let end = all.indexOf(10); end !== -1; end = all.indexOf(10, start)) {
      yield { at: at + start, line: all.subarray(start, end) };
      start = end + 1;
    }
    at += start;
    rest = all.subarray(start);
  }
}
