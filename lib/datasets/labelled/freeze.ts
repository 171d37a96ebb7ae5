// The good rows of files that need no judgement, written as they came to a file that never changes and that their hash names.
import { createHash, type Hash, randomUUID } from "node:crypto";
import { createWriteStream, mkdirSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { snapshotFile } from "../../../common/env";
import { collectRemarks } from "../../../common/rows/remarks";
import { type RowOfFiles, rowsOfFiles } from "../../../common/rows/rows-of-files";
import { type LabelKind, together } from "../../../spec/label-kinds";
import type { RowMapping } from "../../../spec/row-mapping";
import type { Columns } from "../../annotation/queues/import-columns";
import { type LeftOut, leaveOut, nothingLeftOut } from "../../annotation/queues/left-out";
import { type Watch, watchedRows } from "../../watch";
import { kindOfMost, labelColumnsOf, readLabelled, unlike } from "./labelled-rows";

export interface Frozen extends LeftOut {
  sha256: string;
  /** Null where no row was good. */
  holds: LabelKind | null;
  rows: number;
  /** That methods which compare two answers learn from. */
  pairs: number;
  /** That SFT learns from. */
  imitated: number;
  /** What else should be known of the rows. */
  notes: string[];
}

export interface Reading {
  columns?: Columns | null;
  mapping?: RowMapping | null;
  watch?: Watch;
}

export async function freeze(
  files: string[],
  { columns = null, mapping = null, watch = {} }: Reading,
): Promise<Frozen> {
  const draft = snapshotFile(`draft-${randomUUID()}`);
  mkdirSync(dirname(draft), { recursive: true });
  const frozen: Frozen = { sha256: "", holds: null, rows: 0, pairs: 0, imitated: 0, ...nothingLeftOut(), notes: [] };
  try {
    const most = await kindOfFirst(files, columns, mapping);
    const rows = watchedRows(rowsOfFiles(files, mapping), watch);
    const hash = createHash("sha256");
    const lines = goodLines(rows, columns, most, frozen);
    await pipeline(inPieces(lines, hash), createWriteStream(draft, { flush: true, highWaterMark: waiting }));
    if (frozen.rows === 0) return frozen;
    frozen.sha256 = hash.digest("hex");
    watch.commits?.();
    renameSync(draft, snapshotFile(frozen.sha256));
    return frozen;
  } finally {
    await rm(draft, { force: true });
  }
}

/** So many rows tell what a file holds: neither a first row that lacks something nor prompts among other rows decide it. */
const looked = 1000;

async function kindOfFirst(
  files: string[],
  columns: Columns | null,
  mapping: RowMapping | null,
): Promise<LabelKind | null> {
  const kinds: (LabelKind | null)[] = [];
  for await (const record of rowsOfFiles(files, mapping)) {
    kinds.push("reason" in record ? null : kindIn(record.value, columns));
    if (kinds.length === looked) break;
  }
  return kindOfMost(kinds.filter((kind) => kind !== null));
}

function kindIn(record: unknown, columns: Columns | null): LabelKind | null {
  try {
    return readLabelled(record, columns).kind;
  } catch {
    return null; // it is named when its turn comes
  }
}

/** Lines of the new file; what is to be known of them goes into `frozen`. */
async function* goodLines(
  entries: AsyncIterable<RowOfFiles>,
  columns: Columns | null,
  most: LabelKind | null,
  frozen: Frozen,
): AsyncGenerator<string> {
  const remarks = collectRemarks();
  for await (const record of entries) {
    try {
      if ("reason" in record) throw new Error(record.reason);
      const read = readLabelled(record.value, columns);
      const holds = frozen.holds ?? most ?? read.kind;
      const wrong = unlike(read, holds);
      if (wrong) throw wrong;
      frozen.holds = together(holds, read.kind);
      frozen.rows++;
      frozen.pairs += read.pairs;
      if (read.imitated) frozen.imitated++;
      remarks.row(record.line, read.row, labelColumnsOf(read.row));
      yield `${read.record === record.value && record.json ? record.json : JSON.stringify(read.record)}\n`;
    } catch (error) {
      leaveOut(frozen, { line: record.line, reason: `${record.of}${(error as Error).message}` });
    }
  }
  frozen.notes = remarks.sentences();
}

/** Bytes that may wait to be written while the next rows are read. */
const waiting = 2 ** 22;

/** Characters that are written and hashed together: line by line that takes as long as reading them. */
const atOnce = 2 ** 16;

async function* inPieces(lines: AsyncIterable<string>, hash: Hash): AsyncGenerator<Buffer> {
  let held = "";
  const piece = () => {
    const bytes = Buffer.from(held);
    hash.update(bytes);
    held = "";
    return bytes;
  };
  for await (const line of lines) {
    held += line;
    if (held.length >= atOnce) yield piece();
  }
  if (held !== "") yield piece();
}
