// The beginning of a file as an import would read it, before anything is imported.
import "server-only";
import { mkdirSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { eachRow, parseRow } from "../../trainers/data/rows";
import { dataFolder } from "../env";
import { type Columns, importSchema } from "./columns";
import type { FileFormat, ImportPreview } from "./schema";

const shown = 3;
const record = z.record(z.string(), z.unknown());

/** `sample` is the first part of the file, cut anywhere; a last line that is not whole is left out. */
export async function previewImport(
  sample: Uint8Array,
  format: FileFormat,
  columns: Columns | null,
): Promise<ImportPreview> {
  const folder = join(dataFolder(), "uploads");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `preview-${crypto.randomUUID()}.${format}`);
  await writeFile(file, whole(sample));
  try {
    const preview: ImportPreview = { columns: [], rows: [], good: 0, bad: [] };
    const schema = importSchema(columns);
    for await (const row of eachRow(file, record)) {
      if (!("value" in row)) {
        preview.bad.push(row);
        continue;
      }
      preview.columns = [...new Set([...preview.columns, ...Object.keys(row.value)])];
      const read = parseRow(row.value, schema);
      if ("value" in read) {
        preview.good++;
        const [{ prompt, answers }] = read.value as [(typeof read.value)[number]];
        if (preview.rows.length < shown) preview.rows.push({ prompt: prompt.at(-1)!.content, answers });
      } else {
        preview.bad.push({ line: preview.good + preview.bad.length + 1, reason: read.reason });
      }
    }
    return { ...preview, bad: preview.bad.slice(0, shown) };
  } finally {
    await rm(file, { force: true });
  }
}

/** Up to the last line end. */
function whole(sample: Uint8Array): Uint8Array {
  const end = sample.lastIndexOf(10);
  return end < 0 ? sample : sample.subarray(0, end + 1);
}
