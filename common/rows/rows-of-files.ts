// The rows of one file after the other, as one dataset of many files has them.
import { basename } from "node:path";
import type { RowMapping } from "../../spec/row-mapping";
import type { BadLine } from "../records/lines";
import { type FileRecord, placeIn } from "../records/records";
import { rowRecords } from "./expand";

/** With how what is said of it begins: of several files, each is named. */
export type RowOfFiles = (FileRecord | BadLine) & { of: string };

/** With which a reason of a file's row begins, where there are several files. */
export const prefixOf = (file: string, files: string[]): string => (files.length > 1 ? `of ${basename(file)}: ` : "");

export async function* rowsOfFiles(files: string[], mapping: RowMapping | null): AsyncGenerator<RowOfFiles> {
  for (const file of files) {
    const of = prefixOf(file, files);
    for await (const record of rowRecords(file, { mapping })) yield { ...record, of: `${of}${placeIn(record)}` };
  }
}
