// The documents of a WARC or WET file, packed by record or not (ISO 28500): what servers answered with status 200, and texts made of it.
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { WARCParser, type WARCRecord } from "warcio";
import type { RawDocument, Unread } from "./raw-document";

const kinds: Record<string, RawDocument["kind"]> = {
  "text/html": "html",
  "application/xhtml+xml": "html",
  "text/plain": "text",
  "text/markdown": "markdown",
  "application/pdf": "pdf",
};

/** Records of other kinds, as images, are passed over. A file that is cut off or damaged is read up to the record before. */
export async function* warcDocuments(path: string, mostBytes: number): AsyncGenerator<RawDocument | Unread> {
  const bytes = wholeRecords(path);
  let [number, last] = [0, null as RawDocument | Unread | null];
  try {
    for await (const record of new WARCParser(bytes.parts())) {
      if (last) yield last;
      last = await documentIn(record, `${path}#${++number}`, mostBytes);
    }
  } catch (error) {
    bytes.fails(error as Error);
  }
  const [damage, isWhole] = [bytes.damage(), bytes.endsWhole()];
  if (last && isWhole) yield last;
  if (damage)
    yield { id: `${path}#${isWhole ? number + 1 : Math.max(1, number)}`, reason: `the file ends here: ${damage}` };
  else if (number === 0) yield { id: path, reason: "it holds no record of a WARC file" };
}

/** A file's bytes, unpacked; a record ends with two empty lines, and so does the file. */
function wholeRecords(path: string) {
  let [end, damage] = ["", null as string | null];
  const endsWhole = () => end === "\r\n\r\n";
  const fails = (error: Error) => {
    damage ??= error.message;
  };
  async function* parts(): AsyncGenerator<Uint8Array> {
    const file = createReadStream(path);
    const plain = /\.gz$/i.test(path) ? file.on("error", fails).pipe(createGunzip()) : file;
    try {
      for await (const part of plain as AsyncIterable<Buffer>) {
        end = (end + part.subarray(-4).toString("latin1")).slice(-4);
        yield part;
      }
      if (end !== "" && !endsWhole()) damage = "its last record is not whole";
    } catch (error) {
      fails(error as Error); // the parser takes an error for an end
    }
  }
  return { parts, fails, endsWhole, damage: () => damage };
}

async function documentIn(record: WARCRecord, id: string, mostBytes: number): Promise<RawDocument | Unread | null> {
  const [type, charset] = typeOf(record);
  const kind = kinds[type];
  const isText = record.warcType === "conversion" || (record.warcType === "response" && statusOf(record) === 200);
  if (!kind || !isText) return null;
  if (record.warcContentLength > mostBytes) return { id, reason: tooLarge(mostBytes) };
  const bytes = await contentOf(record, mostBytes);
  if (!bytes) return { id, reason: `unpacked ${tooLarge(mostBytes)}` };
  const packing = record.httpHeaders?.headers.get("content-encoding") ?? "";
  if (unread.test(packing) && !isUtf8(bytes)) return { id, reason: `it is packed by ${packing}, which is not read` };
  return { id, kind, url: record.warcTargetURI ?? null, charset, bytes };
}

/** Encodings that warcio hands on as they are; many archives name one of what they hold unpacked. */
const unread = /^(br|zstd|compress)$/i;

/** Without what a server packed it in. Null where it becomes too large: a few kilobytes unpack to gigabytes. */
async function contentOf(record: WARCRecord, mostBytes: number): Promise<Buffer | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of record) {
    length += part.length;
    if (length > mostBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

export const tooLarge = (mostBytes: number) => `it is larger than ${mostBytes >> 20} MB`;

const statusOf = ({ httpHeaders }: WARCRecord) => Number(httpHeaders?.statusline.split(" ")[1]);

/** A media type in small letters, and the encoding that it names. */
function typeOf(record: WARCRecord): [string, string | null] {
  const named = record.httpHeaders?.headers.get("content-type") ?? record.warcContentType ?? "";
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(named)?.[1] ?? null;
  return [named.split(";")[0]!.trim().toLowerCase(), charset];
}
