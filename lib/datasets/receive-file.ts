// A body of a request becomes a file.
import "server-only";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { AppError } from "../../spec/errors";

const largest = 2 ** 30;

export interface Body {
  bytes: ReadableStream;
  /** Bytes that are to come, where the request says so. */
  declared: number | null;
}

/** What to do about a body that is not taken. */
interface Refusals {
  tooLarge: string;
  cutOff: (received: number) => string;
}

/** Streams a body to a file. Of one that is larger than 1 GB (413) or does not come to its end (400) nothing is left. */
export async function receiveFile(file: string, { bytes, declared }: Body, { tooLarge, cutOff }: Refusals) {
  if (declared !== null && declared > largest) throw new AppError(413, tooLarge);
  await mkdir(dirname(file), { recursive: true });
  let received = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _, done) {
      received += chunk.length;
      done(received > largest ? new AppError(413, tooLarge) : null, chunk);
    },
  });
  try {
    await pipeline(Readable.fromWeb(bytes), meter, createWriteStream(file));
    if (declared !== null && received !== declared) throw new AppError(400, cutOff(received));
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}
