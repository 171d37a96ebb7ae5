// Zstandard, read as it comes (RFC 8878). Node 20 has no reader of its own; fzstd unpacks block by block, and what a frame asks for is
// looked at before it gets any: a window is memory that is taken at once.
import { Decompress, ZstdErrorCode } from "fzstd";

/** What `zstd` itself grants a frame unless it is told otherwise. */
const largestWindow = 2 ** 27;

/** Whether a file begins with a frame, or with one that is to be skipped. */
export const isZstd = (head: Buffer): boolean => isFrame(head) || isSkippable(head);
const isFrame = (head: Buffer) => head.subarray(0, 4).equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]));
const isSkippable = ([a, b, c, d]: Buffer) => (a! & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18;

/** Unpacks parts in their order; `take` gets what comes out, in pieces of 128 KB at most. Both throw where a part is damaged. */
export function unzstd(take: (piece: Uint8Array) => void): { push(part: Buffer): void; end(): void } {
  const stream = new Decompress((piece) => take(piece.slice()));
  const guard = windowGuard();
  const sentence = (work: () => void) => {
    try {
      work();
    } catch (error) {
      const code = (error as { code?: number }).code;
      throw code === ZstdErrorCode.UnexpectedEOF ? new Error("it ends within a frame", { cause: error }) : error;
    }
  };
  return {
    push: (part) => {
      guard(part);
      sentence(() => stream.push(part));
    },
    end: () => sentence(() => stream.push(new Uint8Array(), true)),
  };
}

/** Follows frames from block to block and throws where one asks for more than `largestWindow`. */
function windowGuard(): (part: Buffer) => void {
  let held = Buffer.alloc(0);
  let skip = 0; // bytes of a block, a checksum or a skippable frame that are still to come
  let inFrame = false;
  let checksum = 0;
  return (part) => {
    held = Buffer.concat([held, part]);
    for (;;) {
      const passed = Math.min(skip, held.length);
      [skip, held] = [skip - passed, held.subarray(passed)];
      if (skip > 0 || held.length < (inFrame ? 3 : 18)) return; // 18: the longest header
      if (inFrame) {
        const block = held.readUIntLE(0, 3);
        const [isLast, isRepeated, size] = [block & 1, ((block >> 1) & 3) === 1, block >> 3];
        skip = 3 + (isRepeated ? 1 : size) + (isLast ? checksum : 0);
        inFrame = !isLast;
      } else if (isSkippable(held)) skip = 8 + held.readUInt32LE(4);
      else if (!isFrame(held))
        return; // damage, which the decoder names
      else {
        const header = frameHeader(held);
        if (header.window > largestWindow)
          throw new Error(`a frame asks for a window of ${Math.round(header.window / 2 ** 20)} MB; at most 128 MB`);
        [skip, inFrame, checksum] = [header.length, true, header.checksum];
      }
    }
  };
}

function frameHeader(bytes: Buffer): { length: number; window: number; checksum: number } {
  const flags = bytes[4]!;
  const single = (flags >> 5) & 1;
  const dictionary = [0, 1, 2, 4][flags & 3]!;
  const sizeBytes = [single, 2, 4, 8][flags >> 6]!;
  const at = 6 - single + dictionary;
  const size = sizeBytes === 8 ? Number(bytes.readBigUInt64LE(at)) : sizeBytes ? bytes.readUIntLE(at, sizeBytes) : 0;
  const base = 2 ** (10 + (bytes[5]! >> 3));
  const window = single ? size : base + (base / 8) * (bytes[5]! & 7);
  return { length: at + sizeBytes, window, checksum: (flags >> 2) & 1 ? 4 : 0 };
}
