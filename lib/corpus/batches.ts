// The documents of many files in pieces of some dozen, always the same ones: each can be judged by itself, and again after a crash.
import { statSync } from "node:fs";
import type { RawDocument, Unread } from "./reading/raw-document";
import { documentsOf } from "./reading/source-files";

export interface Batch {
  number: number;
  documents: (RawDocument | Unread)[];
  /** About how many bytes of the files have been read. */
  read: number;
}

const mostDocuments = 64;
const mostBytes = 4 << 20;

export async function* batches(files: string[]): AsyncGenerator<Batch> {
  let [number, documents, bytes] = [0, [] as Batch["documents"], 0];
  let [before, within] = [0, 0];
  for (const file of files) {
    const { size } = statSync(file);
    within = 0;
    for await (const one of documentsOf(file)) {
      documents.push(one);
      const length = "bytes" in one ? one.bytes.length : 0;
      bytes += length;
      within = Math.min(size, within + length); // what was packed is longer than its file
      if (documents.length < mostDocuments && bytes < mostBytes) continue;
      yield { number: number++, documents, read: before + within };
      [documents, bytes] = [[], 0];
    }
    before += size;
  }
  if (documents.length > 0) yield { number, documents, read: before };
}
