import { z } from "zod";
import { columnsOf } from "@/lib/annotation/queues/import-columns";
import { importForms, importPreview, importQuery } from "@/lib/datasets/imports/import-schema";
import { previewImport } from "@/lib/datasets/imports/preview-import";
import { readAtMost } from "@/lib/http/bodies";
import { handle } from "@/lib/http/handle";

const query = importQuery.pick({ format: true, prompt: true, first: true, second: true }).extend({
  /** Whether the body is the first part of a file, or all of it. */
  part: z.enum(["first", "all"]).default("first"),
  as: z.enum(importForms).nullable().default(null),
});
const largest = 2 ** 22;

/** The body is a file, or its first part; answers with how it would be read. */
export const POST = handle(
  "write",
  { query, file: "Rows in the format that is named, or the first of them.", answer: importPreview },
  async ({ request, query: { format, part, as, ...columns } }) => {
    const bytes = await readAtMost(request, largest, "The first part of a file");
    return previewImport({ bytes, format, columns: columnsOf(columns), part: part === "first", as });
  },
);
