// The bytes of a file of rows as UTF-8: unpacked where it is gzip or Zstandard, whatever its name, and decoded where it is UTF-16. Damage
// ends the bytes, not the program: what was read before it has been handed out by then.
import { type FileHandle, open } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { FieldError } from "../../spec/field-error";
import { whyRefused } from "./file-kind";
import { isZstd, unzstd } from "./zstd";

/** Thrown after the last bytes that could be read. Its message says what breaks off. */
export class FileDamage extends Error {}

/** Bytes that are read at once; few of a packed file, since unpacking may make a thousand times as much of them. */
const [partSize, packedSize] = [2 ** 18, 2 ** 14];

export async function* utf8Bytes(path: string): AsyncGenerator<Buffer> {
  yield* asUtf8(plainBytes(path));
}

/** The bytes as they are, unpacked. */
export async function* plainBytes(path: string): AsyncGenerator<Buffer> {
  const file = await opened(path);
  try {
    const head = await firstBytes(file);
    const parts = file.createReadStream({
      start: 0,
      highWaterMark: isGzip(head) || isZstd(head) ? packedSize : partSize,
      autoClose: false,
    }) as AsyncIterable<Buffer>;
    const reason = whyRefused(head);
    if (reason !== undefined) throw new FileDamage(reason);
    if (isGzip(head)) yield* unpacked(parts, gzipParts());
    else if (isZstd(head)) yield* unpacked(parts, zstdParts());
    else yield* parts;
  } finally {
    await file.close();
  }
}

const isGzip = (head: Buffer) => head[0] === 0x1f && head[1] === 0x8b;

/** Whether a file has to be unpacked before anything of it can be told, and how what is in it begins. */
export async function beginningOf(path: string): Promise<{ packed: boolean; head: Buffer }> {
  const file = await opened(path);
  const head = await firstBytes(file).finally(() => file.close());
  const packed = isGzip(head) || isZstd(head);
  if (!packed) return { packed, head };
  try {
    for await (const part of plainBytes(path)) if (part.length >= headSize) return { packed, head: part };
  } catch (error) {
    if (!(error instanceof FileDamage)) throw error; // its reader names it
  }
  return { packed, head: Buffer.alloc(0) };
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

const headSize = 16;

async function firstBytes(file: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(headSize), 0, headSize, 0);
  return buffer.subarray(0, bytesRead);
}

/** How much any file may unpack to, and how many times its size a larger one. Rows of text are packed 3 to 30 times. */
const freely = 2 ** 26;
const mostTimes = 150;

/** Something that unpacks part by part: what comes out of each, and at the end; `damage` once it has failed. */
interface Unpacking {
  of: string;
  next(part: Buffer): Promise<Buffer[]>;
  end(): Promise<Buffer[]>;
  damage(): Error | undefined;
}

async function* unpacked(parts: AsyncIterable<Buffer>, unpacking: Unpacking): AsyncGenerator<Buffer> {
  let [packed, size] = [0, 0];
  const within = () => freely + mostTimes * packed;
  for await (const part of parts) {
    packed += part.length;
    const pieces = await unpacking.next(part);
    for (const piece of pieces) {
      size += piece.length;
      if (size > within())
        throw new FileDamage(
          `unpacks to more than ${mostTimes} times its size, as no rows do; what follows was not read`,
        );
      yield piece;
    }
    if (unpacking.damage()) break;
  }
  yield* await unpacking.end();
  const damage = unpacking.damage();
  if (damage)
    throw new FileDamage(
      `the ${unpacking.of} file breaks off here (${damage.message}); what follows could not be read`,
    );
}

/**
 * A stream that fails throws away what it holds; so each part goes in by itself, and what comes out of it is handed on before the next.
 */
function gzipParts(): Unpacking {
  const gunzip = createGunzip();
  const made: Buffer[] = [];
  let damage: Error | undefined;
  gunzip.on("data", (part: Buffer) => made.push(part));
  gunzip.on("error", (error) => {
    damage ??= error;
  });
  const closed = new Promise<void>((done) => gunzip.once("close", done)); // what fails never calls back
  return {
    of: "gzip",
    async next(part) {
      await Promise.race([new Promise<void>((done) => gunzip.write(part, () => done())), closed]);
      await setImmediate();
      return made.splice(0);
    },
    async end() {
      gunzip.end();
      await closed;
      return made.splice(0);
    },
    damage: () => damage,
  };
}

function zstdParts(): Unpacking {
  const made: Buffer[] = [];
  let [damage, packed, size] = [undefined as Error | undefined, 0, 0];
  const stream = unzstd((piece) => {
    size += piece.length;
    made.push(Buffer.from(piece));
    if (size > freely + mostTimes * packed + packedSize) throw new Error("too much at once"); // and `unpacked` says so
  });
  const attempt = async (work: () => void) => {
    try {
      if (!damage) work();
    } catch (error) {
      damage = error instanceof Error ? error : new Error(String(error));
    }
    return made.splice(0);
  };
  return {
    of: "Zstandard",
    next(part) {
      packed += part.length;
      return attempt(() => stream.push(part));
    },
    end: () => attempt(() => stream.end()),
    damage: () => damage,
  };
}

async function* asUtf8(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head = Buffer.alloc(0);
  let decode: Decode | undefined;
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
  yield decode ? decode(Buffer.alloc(0), true) : withoutMark(head);
}

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);
const withoutMark = (head: Buffer): Buffer => {
  if (head.subarray(0, 3).equals(utf8Mark)) return head.subarray(3);
  return markOf(head) ? head.subarray(2) : head;
};

const markOf = ([a, b]: Buffer) => (a === 0xff && b === 0xfe ? "le" : a === 0xfe && b === 0xff ? "be" : null);

/** UTF-16 by its byte order mark, or by zeros beside its first two characters, which no text in UTF-8 has. */
function decoderOf(head: Buffer): Decode {
  const [a, b, c, d] = head;
  const order = markOf(head) ?? (a && !b && c && !d ? "le" : !a && b && !c && d ? "be" : null);
  return order ? fromUtf16(order) : (part) => part;
}

type Decode = (part: Buffer, last?: boolean) => Buffer;

/** As a lone surrogate would be written in UTF-8, which has none: its line is named where lines are decoded. */
export const halfCharacter = Buffer.from([0xed, 0xa0, 0x80]);

function fromUtf16(order: "le" | "be"): Decode {
  let rest = Buffer.alloc(0);
  return (part, last = false) => {
    const all = Buffer.concat([rest, part]);
    const highAt = order === "le" ? 1 : 2; // from the end: a pair of surrogates is not to be cut in two
    let end = all.length - (all.length % 2);
    if (end > 0 && (all[end - highAt]! & 0xfc) === 0xd8) end -= 2;
    rest = all.subarray(end);
    const units = Buffer.from(all.subarray(0, end));
    const text = (order === "be" ? units.swap16() : units).toString("utf16le");
    const pieces = text
      .split(/\p{Surrogate}/u)
      .flatMap((piece, i) => (i ? [halfCharacter, Buffer.from(piece)] : [Buffer.from(piece)]));
    return Buffer.concat(last && rest.length > 0 ? [...pieces, halfCharacter] : pieces);
  };
}
