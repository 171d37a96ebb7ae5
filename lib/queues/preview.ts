// The beginning of a file as an import would read it, before anything is imported.
import "server-only";
import { mkdirSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isRecord, spoken } from "../../trainers/data/messages";
import { records } from "../../trainers/data/records";
import { collectRemarks } from "../../trainers/data/remarks";
import { dataFolder } from "../env";
import { type Columns, readImported } from "./columns";
import type { FileFormat, ImportPreview } from "./schema";

const shown = 3;

/** `sample` is a file, or with `partial` the first part of one, cut anywhere: what is not whole at its end is left out. */
export async function previewImport(
  sample: Uint8Array,
  format: FileFormat,
  columns: Columns | null,
  partial: boolean,
): Promise<ImportPreview> {
  const folder = join(dataFolder(), "uploads");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `preview-${crypto.randomUUID()}.${format}`);
  await writeFile(file, sample);
  try {
    const preview: ImportPreview = { columns: [], layouts: [], rows: [], good: 0, bad: [], notes: [] };
    const [names, layouts, remarks] = [new Set<string>(), new Set<string>(), collectRemarks()];
    for await (const record of records(file, { partial })) {
      try {
        if ("reason" in record) throw new Error(record.reason);
        if (isRecord(record.value)) for (const name of Object.keys(record.value)) names.add(name);
        const { row, items } = readImported(record.value, columns);
        preview.good++;
        layouts.add(row.layout);
        remarks.row(record.line, row);
        const [{ prompt, answers }] = items as [(typeof items)[number]];
        if (preview.rows.length < shown) preview.rows.push({ prompt: spoken(prompt.at(-1)!.content), answers });
      } catch (error) {
        if (preview.bad.length < shown) preview.bad.push({ line: record.line, reason: (error as Error).message });
      }
    }
    return { ...preview, columns: [...names], layouts: [...layouts], notes: remarks.sentences() };
  } finally {
    await rm(file, { force: true });
  }
}
