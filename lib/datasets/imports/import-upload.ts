// Files that arrive over HTTP, on their way to a queue or a labelled dataset.
import "server-only";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { dataFolder } from "../../../common/env";
import type { Columns } from "../../annotation/queues/import-columns";
import { loadPairs } from "../../annotation/queues/load-pairs";
import type { ImportReport } from "../../annotation/queues/queue-schema";
import type { LabelledReport } from "../labelled/labelled-schema";
import { loadLabelled } from "../labelled/labelled-sets";
import { type Body, receiveFile } from "../receive-file";
import type { FileFormat } from "./import-schema";

export interface Upload extends Body {
  name: string;
  format: FileFormat;
  columns: Columns | null;
}

/** Adds an uploaded file's good rows to a queue; every bad line comes back with its number and reason. */
export const importQueue = (upload: Upload, now: number): Promise<ImportReport> =>
  withFile(upload, now, (file) => loadPairs(upload.name, file, now, upload.columns));

/** Makes a labelled dataset of an uploaded file. */
export const importLabelled = (upload: Upload, now: number): Promise<LabelledReport> =>
  withFile(upload, now, (file) => loadLabelled(upload.name, file, now, upload.columns));

/** The upload lies on the disk while `read` works on it. */
async function withFile<T>(upload: Upload, now: number, read: (file: string) => Promise<T>): Promise<T> {
  const file = join(dataFolder(), "uploads", `${now}-${crypto.randomUUID()}.${upload.format}`);
  await receiveFile(file, upload, {
    tooLarge: "The file is larger than 1 GB; split it and import the parts.",
    cutOff: (received) => `Only ${received} of ${upload.declared} bytes arrived; nothing was imported. Try again.`,
  });
  try {
    return await read(file);
  } finally {
    await rm(file, { force: true });
  }
}
