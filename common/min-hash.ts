// Near-duplicates without comparing all with all: MinHash (Broder 1997) with banding (Leskovec et al., Mining of Massive Datasets, 3.4).

const pieceLength = 5;
const bands = 16;
const perBand = 4;
const hashes = bands * perBand;
const threshold = 0.8;
/** Rows that one band remembers: one that more rows share is a common phrase, and would compare all with all. */
const fullest = 64;

/** For each of `rows` an earlier one that it resembles; else null. */
export const resembled = (rows: number[][]): (number | null)[] => rows.map(earlierLike());

/**
 * Of one row after the other, the number of an earlier one with an estimated Jaccard similarity of five-token pieces of at least 0.8; else null.
 * Takes 320 bytes a row outside of JavaScript's heap: a Map would hold a million rows at most.
 */
export function earlierLike(): (row: number[]) => number | null {
  const latest = new Int32Array(bands << slotBits); // by band and slot, the last row that was put there, counted from 1
  const blocks: Block[] = [];
  let rows = 0;
  const signatureOf = (i: number) => part(blocks[Math.floor(i / blockRows)]!.signatures, i % blockRows, hashes);
  const beforeOf = (i: number) => part(blocks[Math.floor(i / blockRows)]!.before, i % blockRows, bands);

  /** The earlier rows whose signature is the same in a band, in their order. */
  function sharing(signature: Uint32Array, band: number, slot: number): number[] {
    const found: number[] = [];
    for (let i = latest[slot]! - 1; i >= 0; i = beforeOf(i)[band]! - 1)
      if (isSameIn(band, signature, signatureOf(i))) found.push(i);
    return found.reverse();
  }

  return (row) => {
    const i = rows++;
    if (i % blockRows === 0) blocks.push(emptyBlock());
    const own = signatureOf(i);
    sign(row, own);
    const slots = Array.from({ length: bands }, (_, band) => slotOf(own, band));
    const candidates = slots.map((slot, band) => sharing(own, band, slot));
    const like = [...new Set(candidates.flat())].find((j) => similarity(own, signatureOf(j)) >= threshold);
    if (like !== undefined) return like;
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
export const nearDuplicates = (rows: number[][]): number => resembled(rows).filter((like) => like !== null).length;

/** Fills `least` with the least hash of all pieces per hash function. */
function sign(ids: number[], least: Uint32Array): void {
  least.fill(0xffffffff);
  const last = Math.max(0, ids.length - pieceLength);
  for (let start = 0; start <= last; start++) {
    let piece = 0x811c9dc5; // FNV-1a over the piece's ids
    for (let t = start; t < Math.min(ids.length, start + pieceLength); t++)
      piece = Math.imul(piece ^ ids[t]!, 0x01000193);
    for (let k = 0; k < least.length; k++) {
      const hash = mixed(piece ^ Math.imul(k + 1, 0x9e3779b9));
      if (hash < least[k]!) least[k] = hash;
    }
  }
}

/** MurmurHash3's finaliser: each bit of the input changes half of the output's. */
function mixed(x: number): number {
  let h = x ^ (x >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const similarity = (a: Uint32Array, b: Uint32Array) =>
  a.reduce((same, hash, k) => same + (hash === b[k] ? 1 : 0), 0) / a.length;
