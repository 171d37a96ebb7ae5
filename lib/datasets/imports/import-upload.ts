// Files that arrive over HTTP, on their way to a queue or a labelled dataset.
import "server-only";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { dataFolder } from "../../../common/env";
import { AppError } from "../../../spec/errors";
import type { Columns } from "../../annotation/queues/import-columns";
import { loadPairs } from "../../annotation/queues/load-pairs";
import type { ImportReport } from "../../annotation/queues/queue-schema";
import type { LabelledReport } from "../labelled/labelled-schema";
import { loadLabelled } from "../labelled/labelled-sets";
import type { FileFormat } from "./import-schema";

const largestUpload = 2 ** 30;

export interface Upload {
  name: string;
  format: FileFormat;
  columns: Columns | null;
  bytes: ReadableStream;
  /** Bytes that are to come, where the request says so. */
  declared: number | null;
}

/** Adds an uploaded file's good rows to a queue; every bad line comes back with its number and reason. */
export const importQueue = (upload: Upload, now: number): Promise<ImportReport> =>
  withFile(upload, now, (file) => loadPairs(upload.name, file, now, upload.columns));

/** Makes a labelled dataset of an uploaded file. */
export const importLabelled = (upload: Upload, now: number): Promise<LabelledReport> =>
  withFile(upload, now, (file) => loadLabelled(upload.name, file, now, upload.columns));

/** Streams an upload to disk, where it lies while `read` works on it. */
async function withFile<T>(
  { format, bytes, declared }: Upload,
  now: number,
  read: (file: string) => Promise<T>,
): Promise<T> {
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
    await pipeline(Readable.fromWeb(bytes), meter, createWriteStream(file));
    if (declared !== null && received !== declared)
      throw new AppError(400, `Only ${received} of ${declared} bytes arrived; nothing was imported. Try again.`);
    return await read(file);
  } finally {
    await rm(file, { force: true });
  }
}
