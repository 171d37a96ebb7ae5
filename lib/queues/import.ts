import "server-only";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { dataFolder } from "../env";
import { AppError } from "../errors";
import type { Columns } from "./columns";
import { loadPairs } from "./load";
import type { FileFormat, ImportReport } from "./schema";

const largestUpload = 2 ** 30;

/** Streams an uploaded file to disk and adds its good rows to a queue; every bad line comes back with its number and reason. */
export async function importQueue(
  { name, format, columns }: { name: string; format: FileFormat; columns: Columns | null },
  upload: ReadableStream,
  declared: number | null,
  now: number,
): Promise<ImportReport> {
  if (declared !== null && declared > largestUpload)
    throw new AppError(413, "The file is larger than 1 GB; split it and import the parts.");
  const file = join(dataFolder(), "uploads", `${now}-${crypto.randomUUID()}.${format}`);
  await mkdir(join(dataFolder(), "uploads"), { recursive: true });
  let received = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _, done) {
      received += chunk.length;
      done(
        received > largestUpload
          ? new AppError(413, "The file is larger than 1 GB; split it and import the parts.")
          : null,
        chunk,
      );
    },
  });
  try {
    await pipeline(Readable.fromWeb(upload), meter, createWriteStream(file));
    if (declared !== null && received !== declared)
      throw new AppError(400, `Only ${received} of ${declared} bytes arrived; nothing was imported. Try again.`);
    return await loadPairs(name, file, now, columns);
  } finally {
    await rm(file, { force: true });
  }
}
