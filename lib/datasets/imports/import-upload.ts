// Files that arrive over HTTP, on their way to a queue or a labelled dataset.
import "server-only";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { dataFolder } from "../../../common/env";
import type { Question } from "../../../spec/queue-options";
import type { Columns } from "../../annotation/queues/import-columns";
import type { ImportReport } from "../../annotation/queues/queue-schema";
import { addLabelled, addPairs, oneFile, type Source } from "../add/add-dataset";
import type { Provenance } from "../add/provenance";
import type { LabelledReport } from "../labelled/labelled-schema";
import { type Body, receiveFile } from "../receive-file";
import type { FileFormat } from "./import-schema";

export interface Upload extends Body {
  name: string;
  format: FileFormat;
  columns: Columns | null;
  as: "annotate" | "both";
  question?: Question | undefined;
}

/** Adds an uploaded file's good rows to a queue; every bad line comes back with its number and reason. */
export const importQueue = (upload: Upload, by: Provenance["by"], now: number): Promise<ImportReport> =>
  withFile(upload, now, (source) =>
    addPairs(source, { ...addedOf(upload, by), keepsLabels: upload.as === "both", question: upload.question }, now),
  );

/** Makes a labelled dataset of an uploaded file. */
export const importLabelled = (upload: Upload, by: Provenance["by"], now: number): Promise<LabelledReport> =>
  withFile(upload, now, (source) => addLabelled(source, addedOf(upload, by), now));

const addedOf = ({ name, columns }: Upload, by: Provenance["by"]) => ({ name, columns, mapping: null, by });

/** The upload lies on the disk while `read` works on it. */
async function withFile<T>(upload: Upload, now: number, read: (source: Source) => Promise<T>): Promise<T> {
  const file = join(dataFolder(), "uploads", `${now}-${crypto.randomUUID()}.${upload.format}`);
  await receiveFile(file, upload, {
    tooLarge: "The file is larger than 1 GB; split it and import the parts.",
    cutOff: (received) => `Only ${received} of ${upload.declared} bytes arrived; nothing was imported. Try again.`,
  });
  try {
    return await read(oneFile(file, `${upload.name}.${upload.format}`));
  } finally {
    await rm(file, { force: true });
  }
}
