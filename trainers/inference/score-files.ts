// Reference scores on disk, kept between runs. Each policy has a folder, in which every process appends to a file of its own: two runs at
// once never write into each other's. What a kill cuts off is at the end of its file, and a wrong checksum is as good as no score.
import { randomUUID } from "node:crypto";
import { fstatSync, mkdirSync, openSync, readdirSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { appendWhole, whenThereIsRoom } from "../../common/full-disk";
import type { ScoreCache } from "./reference";

/** A record: the row's hash, how many scores there are, the checksum of their bytes, then the scores as float32. */
const [hashBytes, headBytes] = [32, 40];

interface Place {
  file: number;
  at: number;
  count: number;
  checksum: number;
}

/** Scores under one reference policy, in a folder of `root`. */
export const scoreFiles =
  (root: string) =>
  (policy: string): ScoreCache => {
    const folder = join(root, policy);
    whenThereIsRoom(() => mkdirSync(folder, { recursive: true }));
    const places = new Map<string, Place>(
      readdirSync(folder).flatMap((name) => placesIn(openSync(join(folder, name), "r"))),
    );
    let own: number | null = null;
    return {
      get(row) {
        const place = places.get(row);
        return place && scoresAt(place);
      },
      put(rows) {
        own ??= whenThereIsRoom(() => openSync(join(folder, `${randomUUID()}.scores`), "a+"));
        const file = own;
        const before = fstatSync(file).size;
        appendWhole(file, Buffer.concat([...rows].map(([row, scores]) => record(row, scores))));
        for (const [row, place] of placesIn(file, before)) places.set(row, place);
      },
      clear() {
        places.clear();
        own = null;
        for (const name of readdirSync(folder)) rmSync(join(folder, name), { force: true });
      },
    };
  };

function record(row: string, scores: Float32Array): Buffer {
  const bytes = Buffer.from(scores.buffer, scores.byteOffset, scores.byteLength);
  const head = Buffer.alloc(headBytes);
  head.write(row, "hex");
  head.writeUInt32LE(scores.length, hashBytes);
  head.writeUInt32LE(crc32(bytes), hashBytes + 4);
  return Buffer.concat([head, bytes]);
}

/** The whole records of a file from byte `start` on. */
function placesIn(file: number, start = 0): [string, Place][] {
  const found: [string, Place][] = [];
  const { size } = fstatSync(file);
  const head = Buffer.alloc(headBytes);
  for (let at = start; readSync(file, head, 0, headBytes, at) === headBytes; ) {
    const place = {
      file,
      at: at + headBytes,
      count: head.readUInt32LE(hashBytes),
      checksum: head.readUInt32LE(hashBytes + 4),
    };
    at = place.at + 4 * place.count;
    if (at > size) break;
    found.push([head.toString("hex", 0, hashBytes), place]);
  }
  return found;
}

function scoresAt({ file, at, count, checksum }: Place): Float32Array | undefined {
  const scores = new Float32Array(count);
  const bytes = Buffer.from(scores.buffer);
  readSync(file, bytes, 0, bytes.length, at);
  return crc32(bytes) === checksum ? scores : undefined;
}
