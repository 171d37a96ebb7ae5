import { z } from "zod";
import { columnsOf } from "@/lib/annotation/queues/import-columns";
import { fileFormats, importForms } from "@/lib/datasets/imports/import-schema";
import { previewImport } from "@/lib/datasets/imports/preview-import";
import { readAtMost } from "@/lib/http/bodies";
import { handle } from "@/lib/http/handle";

const query = z.object({
  format: z.enum(fileFormats).default("jsonl"),
  /** Whether the body is the first part of a file, or all of it. */
  part: z.enum(["first", "all"]).default("first"),
  as: z.enum(importForms).nullable().default(null),
});
const largest = 2 ** 22;

/** The body is a file, or its first part; answers with how it would be read. */
export const POST = handle("write", async (request) => {
  const search = Object.fromEntries(new URL(request.url).searchParams);
  const bytes = await readAtMost(request, largest, "The first part of a file");
  const { format, part, as } = query.parse(search);
  const columns = columnsOf(search);
  return Response.json(await previewImport({ bytes, format, columns, part: part === "first", as }));
});
