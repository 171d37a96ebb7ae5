// Near-duplicates without comparing all with all: MinHash (Broder 1997) with banding (Leskovec et al., Mining of Massive Datasets, 3.4).

const pieceLength = 5;
const bands = 16;
const perBand = 4;
const threshold = 0.8;
/** Rows that one band remembers: one that more rows share is a common phrase, and would compare all with all. */
const fullest = 64;

/** For each of `rows` an earlier one that it resembles; else null. */
export const resembled = (rows: number[][]): (number | null)[] => rows.map(earlierLike());

/** Of one row after the other, the number of an earlier one with an estimated Jaccard similarity of five-token pieces of at least 0.8; else null. */
export function earlierLike(): (row: number[]) => number | null {
  const buckets = new Map<string, number[]>();
  const signatures: Uint32Array[] = [];
  return (row) => {
    const own = signature(row);
    const i = signatures.push(own) - 1;
    const keys = Array.from({ length: bands }, (_, b) => `${b}:${own.subarray(b * perBand, (b + 1) * perBand).join()}`);
    const candidates = new Set(keys.flatMap((key) => buckets.get(key) ?? []));
    const like = [...candidates].find((j) => similarity(own, signatures[j]!) >= threshold);
    if (like === undefined)
      for (const key of keys) {
        const bucket = buckets.get(key);
        if (!bucket) buckets.set(key, [i]);
        else if (bucket.length < fullest) bucket.push(i);
      }
    return like ?? null;
  };
}

/** How many of `rows` resemble an earlier one. */
export const nearDuplicates = (rows: number[][]): number => resembled(rows).filter((like) => like !== null).length;

/** Per hash function the least hash of all pieces. */
function signature(ids: number[]): Uint32Array {
  const least = new Uint32Array(bands * perBand).fill(0xffffffff);
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
  return least;
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
