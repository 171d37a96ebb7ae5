// The bytes of a file of rows as UTF-8: unpacked where it is gzip, whatever its name, and decoded where it is UTF-16. Damage ends the
// bytes, not the program: what was read before it has been handed out by then.
import { type FileHandle, open } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { FieldError } from "../../spec/field-error";

/** Thrown after the last bytes that could be read. Its message says what breaks off. */
export class FileDamage extends Error {}

/** Small, since unpacking may make a thousand times as much of it. */
const partSize = 2 ** 14;

export async function* utf8Bytes(path: string): AsyncGenerator<Buffer> {
  const file = await opened(path);
  try {
    const head = await firstBytes(file);
    const parts = file.createReadStream({
      start: 0,
      highWaterMark: partSize,
      autoClose: false,
    }) as AsyncIterable<Buffer>;
    if (head.subarray(0, 4).equals(Buffer.from("PK\x03\x04")))
      throw new FileDamage("is a zip or Excel file; save its table as CSV (UTF-8), or unpack it");
    yield* asUtf8(head[0] === 0x1f && head[1] === 0x8b ? unpacked(parts) : parts);
  } finally {
    await file.close();
  }
}

export async function opened(path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    throw new FieldError("file", `${path} cannot be read: ${reasonOf(error)}`);
  }
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new FieldError("file", `${path} is no file; name one that holds rows`);
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  return code === "EACCES" ? "its permissions forbid it" : String(code);
}

async function firstBytes(file: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
  return buffer.subarray(0, bytesRead);
}

/** How much any file may unpack to, and how many times its size a larger one. Rows of text are packed 3 to 30 times. */
const freely = 2 ** 26;
const mostTimes = 150;

/**
 * A stream that fails throws away what it holds; so each part goes in by itself, and what comes out of it is handed on before the next.
 */
async function* unpacked(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const made: Buffer[] = [];
  let damage: Error | undefined;
  gunzip.on("data", (part: Buffer) => made.push(part));
  gunzip.on("error", (error) => {
    damage ??= error;
  });
  const closed = new Promise<void>((done) => gunzip.once("close", done)); // what fails never calls back
  const settled = async (feed: (done: () => void) => void) => {
    await Promise.race([new Promise<void>((done) => feed(() => done())), closed]);
    await setImmediate();
    return made.splice(0);
  };
  let [packed, size] = [0, 0];
  for await (const part of parts) {
    const pieces = await settled((done) => gunzip.write(part, done));
    packed += part.length;
    size += pieces.reduce((sum, { length }) => sum + length, 0);
    yield* pieces;
    if (damage) break;
    if (size > freely + mostTimes * packed) {
      gunzip.destroy();
      throw new FileDamage(
        `unpacks to more than ${mostTimes} times its size, as no rows do; what follows was not read`,
      );
    }
  }
  gunzip.end();
  await closed;
  yield* made;
  if (damage) throw new FileDamage(`the gzip file breaks off here (${damage.message}); what follows could not be read`);
}

async function* asUtf8(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head = Buffer.alloc(0);
  let decode: ((part: Buffer) => Buffer) | undefined;
  for await (const part of parts) {
    if (decode) {
      yield decode(part);
      continue;
    }
    head = Buffer.concat([head, part]);
    if (head.length < 4) continue;
    decode = decoderOf(head);
    yield decode(withoutMark(head));
  }
  if (!decode) yield withoutMark(head);
}

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);
const withoutMark = (head: Buffer): Buffer => {
  if (head.subarray(0, 3).equals(utf8Mark)) return head.subarray(3);
  return markOf(head) ? head.subarray(2) : head;
};

const markOf = ([a, b]: Buffer) => (a === 0xff && b === 0xfe ? "le" : a === 0xfe && b === 0xff ? "be" : null);

/** UTF-16 by its byte order mark, or by zeros beside its first two characters, which no text in UTF-8 has. */
function decoderOf(head: Buffer): (part: Buffer) => Buffer {
  const [a, b, c, d] = head;
  const order = markOf(head) ?? (a && !b && c && !d ? "le" : !a && b && !c && d ? "be" : null);
  return order ? fromUtf16(order) : (part) => part;
}

/** Half a character becomes a byte that is no UTF-8, so that its line is named where lines are decoded. */
function fromUtf16(order: "le" | "be"): (part: Buffer) => Buffer {
  let rest = Buffer.alloc(0);
  return (part) => {
    const all = Buffer.concat([rest, part]);
    const highAt = order === "le" ? 1 : 2; // from the end: a pair of surrogates is not to be cut in two
    let end = all.length - (all.length % 2);
    if (end > 0 && (all[end - highAt]! & 0xfc) === 0xd8) end -= 2;
    rest = all.subarray(end);
    const units = Buffer.from(all.subarray(0, end));
    const text = (order === "be" ? units.swap16() : units).toString("utf16le");
    const pieces = text
      .split(/\p{Surrogate}/u)
      .flatMap((piece, i) => (i ? [Buffer.from([0xff]), Buffer.from(piece)] : [Buffer.from(piece)]));
    return Buffer.concat(pieces);
  };
}
