// The first rows of files on their way in, as an import would read them, and what their columns and turns are called.
import "server-only";
import type { BadLine } from "../../../common/records/lines";
import type { FileRecord } from "../../../common/records/records";
import { rowRecords } from "../../../common/rows/expand";
import { recognise } from "../../../common/rows/recognise";
import { prefixOf } from "../../../common/rows/rows-of-files";
import { turnNames } from "../../../common/rows/turn-names";
import type { Question } from "../../../spec/queue-options";
import type { RowMapping } from "../../../spec/row-mapping";
import { knownMapping } from "../add/add-dataset";
import type { ImportForm } from "../imports/import-schema";
import { previewRows } from "../imports/preview-import";
import type { UploadPreview } from "./uploads-schema";

/** Rows that are looked at: of all files the first ones. */
const atMost = 1000;
/** Rows of the first file by which columns and turns are told. */
const looked = 200;

interface Asked {
  mapping: RowMapping | null;
  as: ImportForm | null;
  question?: Question | null | undefined;
}

export async function previewFiles(files: string[], asked: Asked): Promise<UploadPreview> {
  const mapping = asked.mapping ?? (await knownMapping(files));
  const sample = firstRows(files, mapping);
  const { columns: _, ...read } = await previewRows(sample.rows, {
    columns: null,
    as: asked.as,
    question: asked.question,
  });
  const { columns } = await recognise(files[0]!, { rows: looked });
  return { ...read, part: sample.isPart(), columns, turns: turnNames(await rawRows(files[0]!)), mapping };
}

/** As many of each file, so that those of the last one are seen too. */
function firstRows(files: string[], mapping: RowMapping | null) {
  const each = Math.max(1, Math.floor(atMost / files.length));
  let part = false;
  return { rows: rows(), isPart: () => part };

  async function* rows(): AsyncGenerator<FileRecord | BadLine> {
    for (const file of files) {
      let count = 0;
      for await (const record of rowRecords(file, { mapping })) {
        if (count++ === each) {
          part = true;
          break;
        }
        yield "reason" in record ? { ...record, reason: `${prefixOf(file, files)}${record.reason}` } : record;
      }
    }
  }
}

async function rawRows(file: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const record of rowRecords(file)) {
    if (!("reason" in record)) rows.push(record.value);
    if (rows.length === looked) break;
  }
  return rows;
}
