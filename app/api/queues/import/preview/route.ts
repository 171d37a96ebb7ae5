import { z } from "zod";
import { AppError } from "@/lib/errors";
import { handle } from "@/lib/http";
import { columnsOf } from "@/lib/queues/columns";
import { previewImport } from "@/lib/queues/preview";
import { fileFormats } from "@/lib/queues/schema";

const query = z.object({
  format: z.enum(fileFormats).default("jsonl"),
  /** Whether the body is the first part of a file, or all of it. */
  part: z.enum(["first", "all"]).default("first"),
});
const largest = 2 ** 22;

/** The body is the first part of a file; answers with how it would be read. */
export const POST = handle(async (request) => {
  const search = Object.fromEntries(new URL(request.url).searchParams);
  const sample = new Uint8Array(await request.clone().arrayBuffer());
  if (sample.length > largest) throw new AppError(413, "Send the first part of the file; at most 4 MB.");
  const { format, part } = query.parse(search);
  return Response.json(await previewImport(sample, format, columnsOf(search), part === "first"));
});
