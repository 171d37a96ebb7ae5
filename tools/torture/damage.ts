// What happens to files: bits that flip, sectors that read as zeros or as something else, ends that are missing.

/** A copy of the bytes with damage at an offset, and its kind. A kind may change nothing, where the bytes are what it writes. */
export function damaged(bytes: Buffer, offset: number, random: () => number): { kind: string; bytes: Buffer } {
  const kind = kinds[Math.floor(kinds.length * random())]!;
  const copy = Buffer.from(bytes);
  if (kind === "flipped") copy[offset]! ^= 1 << Math.floor(8 * random());
  if (kind === "zeroed") copy.fill(0, offset, Math.min(offset + sector, copy.length));
  if (kind === "overwritten")
    for (let i = offset; i < Math.min(offset + sector, copy.length); i++) copy[i] = Math.floor(256 * random());
  return { kind, bytes: kind === "cut" ? copy.subarray(0, offset) : copy };
}

const kinds = ["flipped", "zeroed", "overwritten", "cut"] as const;
const sector = 512;
