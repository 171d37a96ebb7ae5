// The part of a file that is sent for the import preview.
import { binaryFormats, type FileFormat, fileFormats } from "@/lib/datasets/imports/import-schema";

const sampleBytes = 2 ** 18;

/** By the file's ending, the longest that fits; without one that is known, JSON lines. */
export const formatOf = (name: string): FileFormat =>
  fileFormats.toSorted((a, b) => b.length - a.length).find((format) => name.toLowerCase().endsWith(`.${format}`)) ??
  "jsonl";

const isBinary = (format: FileFormat) => binaryFormats.some((one) => one === format);

/** The largest preview that the server accepts. */
const mostBytes = 2 ** 22;

/** A Parquet or Arrow file has its schema at the end, so that a large one gets no preview. */
export const canPreview = ({ name, size }: File): boolean =>
  size > 0 && !(isBinary(formatOf(name)) && size > mostBytes);

export interface Beginning {
  bytes: Blob;
  format: FileFormat;
  /** Whether the file goes on. */
  part: boolean;
}

/** The first part of a file, unpacked where it is gzip; Parquet and Arrow whole. */
export async function beginning(file: File): Promise<Beginning> {
  const format = formatOf(file.name);
  if (isBinary(format)) return { bytes: file, format, part: false };
  const plain = fileFormats.find((one) => `${one}.gz` === format);
  if (plain) return { ...(await unpacked(file)), format: plain };
  return { bytes: file.slice(0, sampleBytes), format, part: file.size > sampleBytes };
}

async function unpacked(file: File): Promise<Omit<Beginning, "format">> {
  const reader = file.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const parts: BlobPart[] = [];
  for (let size = 0; size < sampleBytes; ) {
    const { done, value } = await reader.read();
    if (done) return { bytes: new Blob(parts), part: false };
    parts.push(value);
    size += value.length;
  }
  await reader.cancel();
  return { bytes: new Blob(parts), part: true };
}
