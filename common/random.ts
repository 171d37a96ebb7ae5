// Seeded randomness without hidden state: every stream is named, so adding one never shifts another.
import { createHash } from "node:crypto";

/** A stream of uniform numbers in [0, 1): mulberry32, seeded by the hash of its name. */
export function createRandom(...name: (string | number)[]): () => number {
  let state = createHash("sha256").update(name.join("/")).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normal numbers from uniform ones (Box and Muller 1958). */
export const normalOf = (random: () => number) => (): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** A permutation of 0…n−1 (Fisher–Yates). */
export function permutation(n: number, random: () => number): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
