// Files on their way to the server, with how much of them has arrived, which fetch does not tell.

import { type UploadState, uploadState } from "@/lib/datasets/uploads/uploads-schema";
import { holdsRows } from "@/spec/row-files";

/** A file by its name, or its path in the folder that was chosen. */
export interface ChosenFile {
  name: string;
  file: File;
}

interface Watched {
  /** Bytes of this file that have been sent. */
  onSent: (bytes: number) => void;
  cancelled: AbortSignal;
}

/** One file after the other. */
export async function sendFiles(
  upload: string,
  files: ChosenFile[],
  watch: {
    /** Bytes of all files. */
    onSent: (sent: { bytes: number; of: number }) => void;
    onState: (state: UploadState) => void;
    cancelled: AbortSignal;
  },
): Promise<void> {
  const of = files.reduce((sum, { file }) => sum + file.size, 0);
  if (of === 0) throw new Error(`${files[0]!.name} is empty: it has no rows.`);
  let before = 0;
  for (const one of files) {
    const onSent = (loaded: number) => watch.onSent({ bytes: before + loaded, of });
    watch.onState(await sendFile(upload, one, { onSent, cancelled: watch.cancelled }));
    before += one.file.size;
  }
}

export function sendFile(upload: string, { name, file }: ChosenFile, { onSent, cancelled }: Watched) {
  return new Promise<UploadState>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/datasets/uploads/${upload}?file=${encodeURIComponent(name)}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onload = () => {
      if (request.status < 400) resolve(uploadState.parse(request.response));
      else reject(new Error((request.response as { error?: string } | null)?.error ?? `${name} was not accepted.`));
    };
    request.onerror = () => reject(new Error(`${name} did not arrive; the server cannot be reached.`));
    request.onabort = () => reject(new Error("Cancelled."));
    cancelled.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/** Of a folder: its rows and what describes them, without hidden files; all of it where nothing is known to hold rows. */
export function wantedFiles(chosen: ChosenFile[]): ChosenFile[] {
  const shown = chosen.filter(
    ({ name }) => !name.includes("/") || !name.split("/").some((part) => part.startsWith(".")),
  );
  const rows = shown.filter(
    ({ name }) => !name.includes("/") || holdsRows(name) || /\/(dataset_info\.json|README\.md)$/.test(name),
  );
  return rows.some(({ name }) => holdsRows(name)) ? rows : shown;
}

/** What was dropped: files, and those in folders. */
export async function droppedFiles(data: DataTransfer): Promise<ChosenFile[]> {
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []); // before anything is waited for: it is emptied then
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry: FileSystemEntry): Promise<ChosenFile[]> {
  if (entry.name.startsWith(".")) return [];
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, (error) => reject(new Error(error.message))),
    );
    return [{ name: entry.fullPath.replace(/^\//, ""), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FileSystemEntry[] = [];
  for (let batch = await nextOf(reader); batch.length > 0; batch = await nextOf(reader)) found.push(...batch);
  return (await Promise.all(found.map(filesIn))).flat();
}

/** A hundred at a time. */
const nextOf = (reader: FileSystemDirectoryReader) =>
  new Promise<FileSystemEntry[]>((resolve, reject) =>
    reader.readEntries(resolve, (error) => reject(new Error(error.message))),
  );
