import { z } from "zod";
import { AppError } from "@/lib/errors";
import { handle } from "@/lib/http";
import { columnsOf } from "@/lib/queues/columns";
import { importQueue } from "@/lib/queues/import";
import { fileFormats } from "@/lib/queues/schema";

const query = z.object({
  name: z.string().trim().min(1, "Name the queue.").max(80),
  format: z.enum(fileFormats).default("jsonl"),
});

// The body is the file itself: one request, one file, streamed to disk.
export const POST = handle(async (request) => {
  const search = Object.fromEntries(new URL(request.url).searchParams);
  if (!request.body) throw new AppError(400, "The file is empty.");
  const declared = request.headers.get("content-length");
  return Response.json(
    await importQueue(
      { ...query.parse(search), columns: columnsOf(search) },
      request.body as import("node:stream/web").ReadableStream,
      declared === null ? null : Number(declared),
      Date.now(),
    ),
  );
});
