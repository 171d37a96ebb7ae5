// The good rows of labelled files, written as they came to a file that never changes and that their hash names.
import { createHash, randomUUID } from "node:crypto";
import { createWriteStream, mkdirSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { snapshotFile } from "../../../common/env";
import { collectRemarks } from "../../../common/rows/remarks";
import { type RowOfFiles, rowsOfFiles } from "../../../common/rows/rows-of-files";
import { kindWords, type LabelKind, together } from "../../../spec/label-kinds";
import type { RowMapping } from "../../../spec/row-mapping";
import type { Columns } from "../../annotation/queues/import-columns";
import { type LeftOut, leaveOut, nothingLeftOut } from "../../annotation/queues/left-out";
import { type Watch, watchedRows } from "../../watch";
import { labelColumns, readLabelled } from "./labelled-rows";

export interface Frozen extends LeftOut {
  sha256: string;
  /** Null where no row was good. */
  holds: LabelKind | null;
  rows: number;
  /** That methods which compare two answers learn from. */
  pairs: number;
  /** What else should be known of the rows. */
  notes: string[];
}

export async function freeze(
  files: string[],
  columns: Columns | null,
  mapping: RowMapping | null = null,
  watch: Watch = {},
): Promise<Frozen> {
  const draft = snapshotFile(`draft-${randomUUID()}`);
  mkdirSync(dirname(draft), { recursive: true });
  const frozen: Frozen = { sha256: "", holds: null, rows: 0, pairs: 0, ...nothingLeftOut(), notes: [] };
  try {
    const rows = watchedRows(rowsOfFiles(files, mapping), watch);
    await pipeline(goodLines(rows, columns, frozen), createWriteStream(draft, { flush: true }));
    if (frozen.rows === 0) return frozen;
    watch.commits?.();
    renameSync(draft, snapshotFile(frozen.sha256));
    return frozen;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Lines of the new file; what is to be known of them goes into `frozen`. */
async function* goodLines(
  entries: AsyncIterable<RowOfFiles>,
  columns: Columns | null,
  frozen: Frozen,
): AsyncGenerator<string> {
  const hash = createHash("sha256");
  const remarks = collectRemarks();
  for await (const record of entries) {
    try {
      if ("reason" in record) throw new Error(record.reason);
      const read = readLabelled(record.value, columns);
      frozen.holds = joined(frozen.holds, read.kind);
      frozen.rows++;
      frozen.pairs += read.pairs;
      remarks.row(record.line, read.row, labelColumns);
      const line = `${JSON.stringify(read.record)}\n`;
      hash.update(line);
      yield line;
    } catch (error) {
      leaveOut(frozen, { line: record.line, reason: `${record.of}${(error as Error).message}` });
    }
  }
  Object.assign(frozen, { sha256: hash.digest("hex"), notes: remarks.sentences() });
}

function joined(before: LabelKind | null, kind: LabelKind): LabelKind {
  const both = together(before ?? kind, kind);
  if (both === null)
    throw new Error(
      `is of another type (${kindWords[kind]}) than the rows before it (${kindWords[before!]}); import them separately`,
    );
  return both;
}
