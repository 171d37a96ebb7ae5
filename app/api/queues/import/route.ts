import { z } from "zod";
import { AppError } from "@/lib/errors";
import { handle } from "@/lib/http";
import { importQueue } from "@/lib/queues/import";

const query = z.object({ name: z.string().trim().min(1, "Name the queue.").max(80) });

// The body is the file itself: one request, one file, streamed to disk.
export const POST = handle(async (request) => {
  const { name } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  if (!request.body) throw new AppError(400, "The file is empty.");
  const declared = request.headers.get("content-length");
  return Response.json(
    await importQueue(
      name,
      request.body as import("node:stream/web").ReadableStream,
      declared === null ? null : Number(declared),
      Date.now(),
    ),
  );
});
