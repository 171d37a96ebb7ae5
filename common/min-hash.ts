// Near-duplicates without comparing all with all: MinHash (Broder 1997) with banding (Leskovec et al., Mining of Massive Datasets, 3.4). Hashes
// and permutations are those of datasketch 2.0, so that both programs estimate every likeness alike.
import { hash } from "node:crypto";
import { mersenneTwister } from "./mersenne-twister";

/** Words, or ids of tokens. */
type Words = readonly (string | number)[];

const pieceLength = 5;
const hashes = 128;
/** Of so many hashes two rows share four fifths. */
const leastShared = 0.8 * hashes;
/** One more than may differ, so that one band at least of two rows that are alike is the same: banding overlooks none. */
const bands = Math.floor(hashes - leastShared) + 1;
const perBand = Math.floor(hashes / bands);
/** Rows that one band remembers: one that more rows share is a common phrase, and would compare all with all. */
const fullest = 64;

/** For each of `rows` an earlier one that it resembles; else null. */
export const resembled = (rows: Words[]): (number | null)[] => rows.map(earlierLike());

/** Of a row, as {@link earlierSigned} takes it. */
export type Signature = Uint32Array;
export function signatureOf(row: Words): Signature {
  const least = new Uint32Array(hashes);
  sign(row, least);
  return least;
}

/** As {@link earlierSigned}, of rows as they are. */
export function earlierLike(): (row: Words) => number | null {
  const like = earlierSigned();
  return (row) => like(signatureOf(row));
}

/**
 * Of one row after the other, the number of the first earlier one with an estimated Jaccard similarity of five-word pieces of at least 0.8; else
 * null. A row that resembles an earlier one is not remembered: nothing is left out for the likeness to what is itself left out.
 * Takes 616 bytes a row outside of JavaScript's heap: a Map would hold a million rows at most.
 */
export function earlierSigned(): (row: Signature) => number | null {
  const latest = new Int32Array(bands << slotBits); // by band and slot, the last row that was put there, counted from 1
  const blocks: Block[] = [];
  let rows = 0;
  const keptOf = (i: number) => part(blocks[Math.floor(i / blockRows)]!.signatures, i % blockRows, hashes);
  const beforeOf = (i: number) => part(blocks[Math.floor(i / blockRows)]!.before, i % blockRows, bands);

  /** The earlier rows whose signature is the same in a band, in their order. */
  function sharing(signature: Signature, band: number, slot: number): number[] {
    const found: number[] = [];
    for (let i = latest[slot]! - 1; i >= 0; i = beforeOf(i)[band]! - 1)
      if (isSameIn(band, signature, keptOf(i))) found.push(i);
    return found.reverse();
  }

  return (own) => {
    const i = rows++;
    if (i % blockRows === 0) blocks.push(emptyBlock());
    keptOf(i).set(own);
    const slots = Array.from({ length: bands }, (_, band) => slotOf(own, band));
    const candidates = slots.map((slot, band) => sharing(own, band, slot));
    const alike = [...new Set(candidates.flat())].filter((j) => isAlike(own, keptOf(j)));
    if (alike.length > 0) return Math.min(...alike);
    for (const [band, slot] of slots.entries())
      if (candidates[band]!.length < fullest) {
        beforeOf(i)[band] = latest[slot]!;
        latest[slot] = i + 1;
      }
    return null;
  };
}

const slotBits = 18;
const blockRows = 1024;

interface Block {
  signatures: Uint32Array; // [rows, hashes]
  /** By row and band, the row that was in its slot before it, counted from 1. */
  before: Int32Array; // [rows, bands]
}
const emptyBlock = (): Block => ({
  signatures: new Uint32Array(blockRows * hashes),
  before: new Int32Array(blockRows * bands),
});

const part = <A extends Uint32Array | Int32Array>(of: A, i: number, size: number) =>
  of.subarray(i * size, (i + 1) * size) as A;

/** Where `latest` holds the rows with a band like this. */
function slotOf(signature: Uint32Array, band: number): number {
  let hash = 0;
  for (let k = band * perBand; k < (band + 1) * perBand; k++) hash = mixed(hash ^ signature[k]!);
  return (band << slotBits) + (hash >>> (32 - slotBits));
}

function isSameIn(band: number, a: Uint32Array, b: Uint32Array): boolean {
  for (let k = band * perBand; k < (band + 1) * perBand; k++) if (a[k] !== b[k]) return false;
  return true;
}

/** How many of `rows` resemble an earlier one. */
export const nearDuplicates = (rows: Words[]): number => resembled(rows).filter((like) => like !== null).length;

/** Two rows, compared by themselves. */
export function areAlike(a: Words, b: Words): boolean {
  return isAlike(signatureOf(a), signatureOf(b));
}

/** datasketch's "affine32" with the seed 1: a permutation multiplies by an odd number and adds another, below 2 ** 32. */
const random = mersenneTwister(1);
const factors = Int32Array.from({ length: hashes }, () => ((random() & 0x7fffffff) << 1) | 1);
const offsets = Int32Array.from({ length: hashes }, random);

/** Fills `least` with the least hash of all pieces by permutation. */
function sign(words: Words, least: Uint32Array): void {
  least.fill(0xffffffff);
  const last = Math.max(0, words.length - pieceLength);
  for (let start = 0; start <= last; start++) {
    const piece = mixed(hashOf(words.slice(start, start + pieceLength)));
    for (let k = 0; k < hashes; k++) {
      const hash = (Math.imul(factors[k]!, piece) + offsets[k]!) >>> 0;
      if (hash < least[k]!) least[k] = hash;
    }
  }
}

/** Of words as datasketch hashes them; ids, of which a row has many more, are hashed in a fifth of the time (FNV-1a). */
function hashOf(piece: Words): number {
  if (piece.every((one) => typeof one === "number"))
    return piece.reduce<number>((hash, id) => Math.imul(hash ^ id, 0x01000193), 0x811c9dc5);
  const bytes = hash("sha1", piece.join(" "), "binary"); // of which the first four count, the least significant one first
  return bytes.charCodeAt(0) | (bytes.charCodeAt(1) << 8) | (bytes.charCodeAt(2) << 16) | (bytes.charCodeAt(3) << 24);
}

/** MurmurHash3's finaliser: each bit of the input changes half of the output's. */
function mixed(x: number): number {
  let h = x ^ (x >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function isAlike(one: Uint32Array, other: Uint32Array): boolean {
  let shared = 0;
  for (let k = 0; k < hashes; k++) if (one[k] === other[k]) shared++;
  return shared >= leastShared;
}
