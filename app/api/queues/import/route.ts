import { AppError } from "@/lib/errors";
import { handle } from "@/lib/http";
import { columnsOf } from "@/lib/queues/columns";
import { importQueue } from "@/lib/queues/import";
import { importQuery } from "@/lib/queues/schema";

// The body is the file itself: one request, one file, streamed to disk.
export const POST = handle(async (request) => {
  const search = Object.fromEntries(new URL(request.url).searchParams);
  if (!request.body) throw new AppError(400, "The file is empty.");
  const declared = request.headers.get("content-length");
  return Response.json(
    await importQueue(
      { ...importQuery.parse(search), columns: columnsOf(search) },
      request.body as import("node:stream/web").ReadableStream,
      declared === null ? null : Number(declared),
      Date.now(),
    ),
  );
});
