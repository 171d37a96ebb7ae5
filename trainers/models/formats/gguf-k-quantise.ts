// Packs float32 values into the blocks of 256 that gguf-k-blocks.ts reads. The searches are those of ggml's reference code (quantize_row_q4_K_ref and others
// in ggml-quants.c of ggml-org/ggml), float32 rounded at each step and in its order: the bytes depend on both.
import { float16ToNumber, nearest, numberToFloat16 } from "./float16";

const f = Math.fround;
const clip = (q: number, least: number, most: number) => Math.min(most, Math.max(least, q));

/** Writes d, dmin and the eight 6-bit (scale, minimum) pairs; gives the 256 numbers, each at most 15. */
export function packQ4K(x: Float32Array, out: DataView): void {
  const q = packRanges(x, out, { most: 15, first: -1, steps: 20 });
  writePairs(q, out, 16);
}

/** As Q4_K, with 32 bytes of fifth bits before the nibbles. */
export function packQ5K(x: Float32Array, out: DataView): void {
  const q = packRanges(x, out, { most: 31, first: -0.5, steps: 15 });
  for (let i = 0; i < 32; i++) {
    let bits = 0;
    for (let group = 0; group < 8; group++) bits |= (q[32 * group + i]! >> 4) << group;
    out.setUint8(16 + i, bits);
  }
  writePairs(q, out, 48);
}

/** Low nibbles: two groups of 32 share 32 bytes. */
function writePairs(q: Uint8Array, out: DataView, from: number): void {
  for (let pair = 0; pair < 4; pair++)
    for (let i = 0; i < 32; i++)
      out.setUint8(from + 32 * pair + i, (q[64 * pair + i]! & 15) | ((q[64 * pair + 32 + i]! & 15) << 4));
}

export function packQ6K(x: Float32Array, out: DataView): void {
  const q = new Uint8Array(256);
  const scales = new Float32Array(16);
  for (let group = 0; group < 16; group++) scales[group] = fitSigned(x, 16 * group, q);
  const largest = scales.reduce((most, scale) => (Math.abs(scale) > Math.abs(most) ? scale : most), 0);
  if (Math.abs(largest) < nothing) return; // all zeros
  const inverse = f(-128 / largest);
  const half = numberToFloat16(f(1 / inverse));
  out.setUint16(208, half, true);
  for (let group = 0; group < 16; group++) {
    const scale = Math.min(127, nearest(f(inverse * scales[group]!)));
    out.setInt8(192 + group, scale);
    const d = float16ToNumber(half) * scale;
    if (d === 0) continue; // the numbers stay those of the search
    for (let i = 16 * group; i < 16 * group + 16; i++) q[i] = 32 + clip(nearest(f(x[i]! / d)), -32, 31);
  }
  for (let part = 0; part < 2; part++)
    for (let i = 0; i < 32; i++) {
      const row = (n: number) => q[128 * part + 32 * n + i]!;
      out.setUint8(64 * part + i, (row(0) & 15) | ((row(2) & 15) << 4));
      out.setUint8(64 * part + 32 + i, (row(1) & 15) | ((row(3) & 15) << 4));
      out.setUint8(
        128 + 32 * part + i,
        (row(0) >> 4) | ((row(1) >> 4) << 2) | ((row(2) >> 4) << 4) | ((row(3) >> 4) << 6),
      );
    }
}

interface Search {
  /** The largest number that a value may become. */
  most: number;
  /** The first of the scales that are tried has `most + first` steps in the group's range, each next one a tenth of a step more. */
  first: number;
  steps: number;
}

/** Groups of 32 values as q · scale − minimum: writes d, dmin and the eight 6-bit (scale, minimum) pairs, gives q. */
function packRanges(x: Float32Array, out: DataView, search: Search): Uint8Array {
  const q = new Uint8Array(256);
  const scales = new Float32Array(8);
  const minima = new Float32Array(8);
  for (let group = 0; group < 8; group++) {
    const fit = fitRange(x, 32 * group, search, q);
    scales[group] = fit.scale;
    minima[group] = fit.minimum;
  }
  const largest = scales.reduce((a, b) => Math.max(a, b), 0);
  const deepest = minima.reduce((a, b) => Math.max(a, b), 0);
  const [d, dmin] = [numberToFloat16(f(largest / 63)), numberToFloat16(f(deepest / 63))];
  out.setUint16(0, d, true);
  out.setUint16(2, dmin, true);
  const sixBits = (values: Float32Array, most: number) =>
    Array.from(values, (value) => Math.min(63, nearest(f((most > 0 ? f(63 / most) : 0) * value)) & 255));
  const [scaleBits, minimumBits] = [sixBits(scales, largest), sixBits(minima, deepest)];
  writeSixBits(scaleBits, minimumBits, out);
  for (let group = 0; group < 8; group++) {
    const scale = float16ToNumber(d) * scaleBits[group]!;
    if (scale === 0) continue; // the numbers stay those of the search
    const minimum = float16ToNumber(dmin) * minimumBits[group]!;
    for (let i = 32 * group; i < 32 * group + 32; i++)
      q[i] = clip(nearest(f(f(x[i]! + minimum) / scale)), 0, search.most);
  }
  return q;
}

/** Twelve bytes from byte 4 on: of the last four pairs the low nibbles share a byte, and the two high bits are in the bytes of the first four. */
function writeSixBits(scales: number[], minima: number[], out: DataView): void {
  for (let i = 0; i < 4; i++) {
    out.setUint8(4 + i, scales[i]! | ((scales[i + 4]! >> 4) << 6));
    out.setUint8(8 + i, minima[i]! | ((minima[i + 4]! >> 4) << 6));
    out.setUint8(12 + i, (scales[i + 4]! & 15) | ((minima[i + 4]! & 15) << 4));
  }
}

// Of the group at hand. Float32's values in arrays of doubles: reading them converts nothing, which takes a third of the time.
const x = new Float64Array(32);
const weights = new Float64Array(32);
const tried = new Float64Array(32);

/** The scale and minimum of 32 values from `from` on, with the least squared error among those tried; large values weigh more. Writes q. */
function fitRange(values: Float32Array, from: number, { most, first, steps }: Search, q: Uint8Array) {
  let squares = 0;
  for (let i = 0; i < 32; i++) {
    x[i] = values[from + i]!;
    squares = f(squares + f(x[i]! * x[i]!));
  }
  const typical = f(Math.sqrt(f(squares / 32)));
  let [least, largest, sumW, sumX] = [x[0]!, x[0]!, 0, 0];
  for (let i = 0; i < 32; i++) {
    const w = f(typical + Math.abs(x[i]!));
    weights[i] = w;
    if (x[i]! < least) least = x[i]!;
    if (x[i]! > largest) largest = x[i]!;
    sumW = f(sumW + w);
    sumX = f(sumX + f(w * x[i]!));
  }
  if (least > 0) least = 0;
  if (largest === least) {
    q.fill(0, from, from + 32);
    return { scale: 0, minimum: -least };
  }
  toNumbers(f(most / f(largest - least)), least, most);
  q.set(tried, from);
  let scale = f(1 / f(most / f(largest - least)));
  let best = errorOf(scale, least, Number.POSITIVE_INFINITY);
  for (let step = 0; step <= steps; step++) {
    toNumbers(f(f(f(first + f(tenth * step)) + most) / f(largest - least)), least, most); // from the best minimum so far, as ggml does
    let sumQ = 0;
    let sumQ2 = 0;
    let sumXQ = 0;
    for (let i = 0; i < 32; i++) {
      const wq = f(weights[i]! * tried[i]!);
      sumQ = f(sumQ + wq);
      sumQ2 = f(sumQ2 + f(wq * tried[i]!));
      sumXQ = f(sumXQ + f(wq * x[i]!));
    }
    const determinant = f(f(sumW * sumQ2) - f(sumQ * sumQ));
    if (!(determinant > 0)) continue;
    // Weighted least squares; a minimum above zero cannot be written.
    let fitted = f(f(f(sumW * sumXQ) - f(sumX * sumQ)) / determinant);
    let minimum = f(f(f(sumQ2 * sumX) - f(sumQ * sumXQ)) / determinant);
    if (minimum > 0) [fitted, minimum] = [f(sumXQ / sumQ2), 0];
    const error = errorOf(fitted, minimum, best);
    if (error < best) {
      q.set(tried, from);
      [best, scale, least] = [error, fitted, minimum];
    }
  }
  return { scale, minimum: -least };
}

function toNumbers(inverse: number, least: number, most: number): void {
  for (let i = 0; i < 32; i++) {
    tried[i] = clip(nearest(f(inverse * f(x[i]! - least))), 0, most);
  }
}

/** Weighted sum of squares, or what of it is `enough` already. */
function errorOf(scale: number, minimum: number, enough: number): number {
  let sum = 0;
  for (let i = 0; i < 32 && sum < enough; i++) {
    const off = f(f(f(scale * tried[i]!) + minimum) - x[i]!);
    sum = f(sum + f(weights[i]! * f(off * off)));
  }
  return sum;
}

const tenth = f(0.1);
/** What ggml takes for zero. */
const nothing = f(1e-15);

/** The scale of 16 values from `from` on, as q · scale with q from −32 to 31: the best of nineteen, large values weigh more. Writes q + 32. */
function fitSigned(values: Float32Array, from: number, q: Uint8Array): number {
  let largest = 0;
  for (let i = 0; i < 16; i++) {
    x[i] = values[from + i]!;
    weights[i] = f(x[i]! * x[i]!);
    if (Math.abs(x[i]!) > Math.abs(largest)) largest = x[i]!;
  }
  if (Math.abs(largest) < nothing) {
    q.fill(0, from, from + 16);
    return 0;
  }
  let [scale, best] = [0, 0];
  for (const step of tries) {
    const inverse = step === 0 ? f(-32 / largest) : f(-f(32 + f(tenth * step)) / largest);
    let sumXQ = 0;
    let sumQ2 = 0;
    for (let i = 0; i < 16; i++) {
      const n = clip(nearest(f(inverse * x[i]!)), -32, 31);
      tried[i] = n;
      sumXQ = f(sumXQ + f(f(weights[i]! * x[i]!) * n));
      sumQ2 = f(sumQ2 + f(f(weights[i]! * n) * n));
    }
    if (step === 0 || (sumQ2 > 0 && f(sumXQ * sumXQ) > f(best * sumQ2))) {
      scale = sumQ2 === 0 ? 0 : f(sumXQ / sumQ2);
      best = f(scale * sumXQ);
      for (let i = 0; i < 16; i++) q[from + i] = 32 + tried[i]!;
    }
  }
  return scale;
}

/** Tenths of a step more than 32 in the range, the first as it is. */
const tries = [0, ...Array.from({ length: 19 }, (_, i) => i - 9).filter((step) => step !== 0)];
