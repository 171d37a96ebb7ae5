// Rows of an Arrow file or stream, read in a thread of its own from its first batch to its last: a damaged count can send the decoder on
// for hours or out of memory, and then ends this thread alone. Plain JavaScript, since Node starts it as it is. Each message to it is
// answered by the next rows, by `done`, or by `error`; the first answer says that it began.
import { open } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { CompressionType, compressionRegistry, RecordBatchReader } from "apache-arrow";
import { Decompress } from "fzstd";
import { unpackLz4Frame } from "./lz4-frame.mjs";
import { plain } from "./plain.mjs";

/** What one column of a batch may unpack to. */
const most = 2 ** 28;
const atOnce = 500;

compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: (packed) => unpackLz4Frame(packed, most) });
compressionRegistry.set(CompressionType.ZSTD, { decode: unpackZstd });

function unpackZstd(packed) {
  const [pieces, place] = [[], { at: 0 }];
  const stream = new Decompress((piece) => {
    pieces.push([place.at, piece.slice()]);
    place.at += piece.length;
    if (place.at > most) throw new Error(`unpacks to more than ${most / 1e6} MB`);
  });
  stream.push(packed, true);
  const whole = new Uint8Array(place.at); // of its own, since values are read where their size divides the address
  for (const [at, piece] of pieces) whole.set(piece, at);
  return whole;
}

const because = (error) => (error instanceof Error ? error.message : String(error)).slice(0, 100);

/** A vector's value as JSON would hold it: lists and structs are read to their leaves. */
function jsonOf(value) {
  if (value === null || typeof value !== "object") return plain(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Date) return value.toISOString();
  if (typeof value.get === "function" && typeof value.length === "number")
    return Array.from({ length: value.length }, (_, i) => jsonOf(value.get(i)));
  if (ArrayBuffer.isView(value)) return Array.from(value, jsonOf);
  const named = typeof value.toJSON === "function" ? value.toJSON() : value;
  const entries = Object.entries(named).filter(([, part]) => part !== null && part !== undefined);
  return Object.fromEntries(entries.map(([name, part]) => [name, jsonOf(part)]));
}

/** A file ends with an index of its batches. Where that is missing, it is read as the stream that it is between its marks. */
async function* rowsOf(path) {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const mark = async (position) => (await file.read(Buffer.alloc(6), 0, 6, position)).buffer.toString("latin1");
    const isFile = (await mark(0)) === "ARROW1";
    const isWhole = isFile && size > 16 && (await mark(size - 6)) === "ARROW1";
    const source = isWhole ? await open(path) : file.createReadStream({ start: isFile ? 8 : 0, autoClose: false });
    const reader = await (await RecordBatchReader.from(source)).open();
    if (!reader.schema) throw new Error("it names no columns");
    yield [];
    for await (const batch of reader)
      for (let from = 0; from < batch.numRows; from += atOnce) {
        const part = batch.slice(from, Math.min(from + atOnce, batch.numRows));
        yield Array.from({ length: part.numRows }, (_, i) => jsonOf(part.get(i)));
      }
    if (isFile && !isWhole) throw new Error("its end is missing");
  } finally {
    await file.close();
  }
}

const rows = rowsOf(workerData);
async function answer() {
  try {
    const { value, done } = await rows.next();
    parentPort.postMessage(done ? { done } : { rows: value });
  } catch (error) {
    parentPort.postMessage({ error: because(error) });
  }
}
parentPort.on("message", answer);
await answer();
