// safetensors: an 8-byte length, a JSON header, raw little-endian buffers. Nothing in it executes.
// Format: github.com/huggingface/safetensors. The header is bounded, offsets must tile the file, dtypes are a closed list.
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { z } from "zod";
import type { BlockRows, HeldType } from "../../engine/gguf-blocks/types";
import { floatMemory } from "./float-memory";
import { float16ToNumber } from "./float16";
import { quantise } from "./gguf-quantise";

export interface HostTensor {
  shape: number[];
  data: Float32Array;
}

/** What an optimiser keeps in 8 bits, four numbers a word. */
export interface HostWords {
  shape: number[];
  data: Int32Array;
}

const header = z.record(
  z.string(),
  z.object({
    dtype: z.string(),
    shape: z.array(z.int().min(0)),
    data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
  }),
);
type Entry = z.infer<typeof header>[string];
/** The types of numbers that are read and written, with the bytes of one. */
export const bytesPer = { F32: 4, F16: 2, BF16: 2 };
export type StoredFloat = keyof typeof bytesPer;
/** Of types that no weight is read in: the causal masks of older models are stored so, and passed over. */
const maskBytes = { BOOL: 1, U8: 1 };
const wordBytes = { I32: 4 };
const widths = new Map(Object.entries({ ...bytesPer, ...maskBytes, ...wordBytes }));
const isStored = (dtype: string): dtype is StoredFloat => Object.hasOwn(bytesPer, dtype);
const notRead = (name: string, dtype: string) =>
  new Error(`tensor ${name} has type ${dtype}; F32, F16 and BF16 are read`);
const maxHeaderBytes = 8 * 2 ** 20;

/** A model's weights by name, each read when it is asked for: the file is never in memory as a whole. */
export interface WeightSource {
  get(name: string): HostTensor | undefined;
  /** Of a GGUF file. */
  blocks?: StoredBlocks;
}

/** Matrices as a GGUF file has them, by Transformers' names. */
export interface StoredBlocks {
  /** ggml's name of the type that one is in. */
  typeOf(name: string): string;
  /** The rows of [out, in] in Transformers' order. */
  read(name: string, type: HeldType): BlockRows;
}

/** Reads every tensor as float32. Throws, with the file's name, on anything that is not a well-formed file. */
export function readSafetensors(path: string): Map<string, HostTensor> {
  const { shapes, get } = openSafetensors(path);
  return new Map([...shapes.keys()].map((name) => [name, get(name)!]));
}

/** Weights whose names and shapes are known before any is read. */
export interface OpenedWeights extends WeightSource {
  shapes: ReadonlyMap<string, readonly number[]>;
  /** Of a file of safetensors: a tensor of codes. */
  words?(name: string): HostWords | undefined;
}

/** Reads the header now and a tensor, as float32, when it is asked for. `types` are those that its tensors are stored in. */
export function openSafetensors(path: string): OpenedWeights & { types: ReadonlySet<string> } {
  const { start, entries } = withFile(path, readHeader);
  return {
    shapes: new Map(Object.entries(entries).map(([name, { shape }]) => [name, shape])),
    types: new Set(Object.values(entries).map(({ dtype }) => dtype)),
    get(name) {
      const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
      if (!entry) return undefined;
      return withFile(path, (file) => {
        if (!isStored(entry.dtype)) throw notRead(name, entry.dtype);
        return readTensor(file, start, entry);
      });
    },
    words: (name) => openWords(path).get(name),
  };
}

/** The same of a file that holds words only. */
export function openWords(path: string): { get(name: string): HostWords | undefined } {
  const { start, entries } = withFile(path, readHeader);
  return {
    get(name) {
      const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
      if (!entry) return undefined;
      const { dtype, shape, data_offsets: offsets } = entry;
      return withFile(path, (file) => {
        if (dtype !== "I32") throw new Error(`tensor ${name} has type ${dtype}; I32 is read`);
        const data = new Int32Array((offsets[1] - offsets[0]) / wordBytes.I32);
        fill(file, Buffer.from(data.buffer), start + offsets[0]);
        return { shape, data };
      });
    },
  };
}

function readHeader(file: number): { start: number; entries: Record<string, Entry> } {
  const size = fstatSync(file).size;
  const headerBytes = size < 8 ? Number.POSITIVE_INFINITY : Number(read(file, 8, 0).readBigUInt64LE());
  if (headerBytes > Math.min(maxHeaderBytes, size - 8))
    throw new Error(`its header claims ${headerBytes} bytes of a file of ${size}`);
  const start = 8 + headerBytes;
  return { start, entries: parseHeader(read(file, headerBytes, 8).toString("utf8"), size - start) };
}

/** The tensors of a file with `bytes` bytes after its header. Throws unless they lie one after the other and fill it, as the format's own reader does. */
function parseHeader(text: string, bytes: number): Record<string, Entry> {
  const { __metadata__: metadata, ...json } = JSON.parse(text) as Record<string, unknown>;
  const entries = header.parse(json);
  const names = Object.keys(entries);
  if (objectsIn(text) > names.length + (metadata === undefined ? 0 : 1))
    throw new Error("a tensor is named twice in its header");
  let end = 0;
  const ordered = names.map((name) => [name, entries[name]!] as const);
  ordered.sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1]);
  for (const [name, { dtype, shape, data_offsets: offsets }] of ordered) {
    const width = widths.get(dtype);
    if (width === undefined) throw notRead(name, dtype);
    const size = shape.reduce((a, b) => a * b, width);
    if (offsets[1] - offsets[0] !== size || offsets[1] > bytes)
      throw new Error(`tensor ${name} of shape [${shape}] claims bytes ${offsets[0]}–${offsets[1]} of ${bytes}`);
    if (offsets[0] !== end)
      throw new Error(`tensor ${name} begins at byte ${offsets[0]}, and the one before ends at ${end}`);
    end = offsets[1];
  }
  if (end !== bytes) throw new Error(`its tensors end at byte ${end} of ${bytes}`);
  return entries;
}

/** How many names of a header stand before an object: a name that comes twice is lost to JSON.parse. */
const objectsIn = (text: string) =>
  [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:\s*\{)?/g)].filter(([, object]) => object !== undefined).length;

function withFile<T>(path: string, use: (file: number) => T): T {
  const file = openSync(path, "r");
  try {
    return use(file);
  } catch (error) {
    throw new Error(`Cannot read ${path}: ${error instanceof Error ? error.message : error}`, { cause: error });
  } finally {
    closeSync(file);
  }
}

/** Values that are read and turned into float32 at a time, in memory that is used again. */
const chunk = 2 ** 18;
const given = Buffer.from(new ArrayBuffer(4 * chunk));
const words = new Uint32Array(chunk);

function readTensor(file: number, start: number, { dtype, shape, data_offsets: [from] }: Entry): HostTensor {
  const count = shape.reduce((a, b) => a * b, 1);
  const width = bytesPer[dtype as StoredFloat]; // its header was read
  const data = floatMemory(count);
  for (let at = 0; at < count; at += chunk) {
    const bytes = given.subarray(0, Math.min(chunk, count - at) * width);
    fill(file, bytes, start + from + at * width);
    data.set(toFloat32(bytes, dtype), at);
  }
  return { shape, data };
}

/** For the moment: what is read next takes its place. */
function toFloat32({ buffer, byteLength }: Buffer, dtype: string): Float32Array {
  if (dtype === "F32") return new Float32Array(buffer, 0, byteLength / 4);
  const halves = new Uint16Array(buffer, 0, byteLength / 2);
  const floats = new Float32Array(words.buffer, 0, halves.length);
  if (dtype === "F16") for (let i = 0; i < halves.length; i++) floats[i] = float16ToNumber(halves[i]!);
  else for (let i = 0; i < halves.length; i++) words[i] = halves[i]! << 16;
  return floats;
}

function read(file: number, length: number, position: number): Buffer {
  const buffer = Buffer.alloc(length);
  fill(file, buffer, position);
  return buffer;
}

/** Reads the whole buffer. Throws where the file ends before. */
export function fill(file: number, buffer: Buffer, position: number): void {
  for (let done = 0; done < buffer.length; ) {
    const count = readSync(file, buffer, done, buffer.length - done, position + done);
    if (count === 0) throw new Error(`it ends ${buffer.length - done} bytes early`);
    done += count;
  }
}

/** Writes float32 tensors and syncs the file to disk. */
export function writeSafetensors(path: string, tensors: Map<string, HostTensor>): void {
  const shapes = Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]));
  streamSafetensors(path, shapes, (name) => tensors.get(name)!.data);
}

/** The same, a tensor at a time: `data` is asked for each name in turn. It is written as `type`. */
export function streamSafetensors(
  path: string,
  shapes: Record<string, number[]>,
  data: (name: string) => Float32Array,
  type: StoredFloat = "F32",
): void {
  stream(path, shapes, type, bytesPer[type], (name) => quantise(type, data(name)));
}

/** Words, as `openWords` reads them. */
export function streamWords(path: string, shapes: Record<string, number[]>, data: (name: string) => Int32Array): void {
  const bytes = ({ buffer, byteOffset, byteLength }: Int32Array) => new Uint8Array(buffer, byteOffset, byteLength);
  stream(path, shapes, "I32", wordBytes.I32, (name) => bytes(data(name)));
}

function stream(
  path: string,
  shapes: Record<string, number[]>,
  dtype: string,
  width: number,
  data: (name: string) => Uint8Array,
): void {
  let offset = 0;
  const entries: [string, unknown][] = [["__metadata__", { format: "pt" }]];
  for (const [name, shape] of Object.entries(shapes)) {
    const bytes = width * shape.reduce((a, b) => a * b, 1);
    entries.push([name, { dtype, shape, data_offsets: [offset, offset + bytes] }]);
    offset += bytes;
  }
  const json = JSON.stringify(Object.fromEntries(entries));
  const head = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8), "ascii"); // tensor names are ASCII
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.byteLength));
  const file = openSync(path, "w");
  const write = (part: Uint8Array) => {
    for (let done = 0; done < part.byteLength; ) done += writeSync(file, part, done);
  };
  try {
    write(length);
    write(head);
    for (const name of Object.keys(shapes)) write(data(name));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
