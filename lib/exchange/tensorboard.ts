// TensorBoard's event files, written and read: TFRecords of Event messages with scalars in them. Field numbers are those of
// tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto.
import crc32c from "crc-32/crc32c.js";
import { PbfReader, PbfWriter } from "pbf";

/** The scalars of a step. */
export interface Scalars {
  step: number;
  /** Seconds since 1970. */
  wallTime: number;
  values: Record<string, number>;
}

const fields = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 } as const;
const summaryFields = { value: 1 } as const;
const valueFields = { tag: 1, simpleValue: 2, tensor: 8 } as const;
const tensorFields = { content: 4, floats: 5, doubles: 6 } as const;

/** A file's bytes, piece by piece. */
export function* encodeEvents(steps: Iterable<Scalars>, began: number): Generator<Buffer> {
  const version = new PbfWriter();
  version.writeDoubleField(fields.wallTime, began);
  version.writeStringField(fields.fileVersion, "brain.Event:2");
  yield record(version.finish());
  for (const { step, wallTime, values } of steps) {
    const event = new PbfWriter();
    event.writeDoubleField(fields.wallTime, wallTime);
    event.writeVarintField(fields.step, step);
    event.writeMessage(fields.summary, writeSummary, values);
    yield record(event.finish());
  }
}

function writeSummary(values: Record<string, number>, summary: PbfWriter): void {
  for (const [tag, value] of Object.entries(values))
    summary.writeMessage(summaryFields.value, writeValue, { tag, value });
}

function writeValue({ tag, value }: { tag: string; value: number }, message: PbfWriter): void {
  message.writeStringField(valueFields.tag, tag);
  message.writeFloatField(valueFields.simpleValue, value);
}

/** Length, its checksum, the bytes, their checksum (TFRecord). */
function record(data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(16 + data.length);
  bytes.writeBigUInt64LE(BigInt(data.length), 0);
  bytes.writeUInt32LE(masked(bytes.subarray(0, 8)), 8);
  bytes.set(data, 12);
  bytes.writeUInt32LE(masked(data), 12 + data.length);
  return bytes;
}

/** CRC-32C, rotated right by 15 bits and shifted by a constant, as TFRecord wants it. */
function masked(bytes: Uint8Array): number {
  const sum = crc32c.buf(bytes) >>> 0;
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}

/** Every event with scalars, in the file's order. Throws where a checksum is wrong; a last record that is cut off is left out. */
export const decodeEvents = (bytes: Buffer): Scalars[] => [...eachEvent(bytes)];

/** The same one by one. */
export function* eachEvent(bytes: Buffer): Generator<Scalars> {
  for (let at = 0; at + 16 <= bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    if (bytes.readUInt32LE(at + 8) !== masked(bytes.subarray(at, at + 8)))
      throw new Error(`this is not a TensorBoard event file: the checksum at byte ${at + 8} is wrong`);
    if (at + 16 + length > bytes.length) break; // its writer was still at it
    const data = bytes.subarray(at + 12, at + 12 + length);
    if (bytes.readUInt32LE(at + 12 + length) !== masked(data))
      throw new Error(`the event file is damaged: the checksum at byte ${at + 12 + length} is wrong`);
    const event = new PbfReader(data).readFields(readEvent, { step: 0, wallTime: 0, values: {} });
    if (Object.keys(event.values).length > 0) yield event;
    at += 16 + length;
  }
}

function readEvent(field: number, event: Scalars, message: PbfReader): void {
  if (field === fields.wallTime) event.wallTime = message.readDouble();
  else if (field === fields.step) event.step = message.readVarint(true);
  else if (field === fields.summary) message.readMessage(readSummary, event.values);
}

function readSummary(field: number, values: Record<string, number>, message: PbfReader): void {
  if (field !== summaryFields.value) return;
  const { tag, value } = message.readMessage(readValue, { tag: "", value: undefined as number | undefined });
  if (value !== undefined) values[tag] = value;
}

function readValue(field: number, found: { tag: string; value: number | undefined }, message: PbfReader): void {
  if (field === valueFields.tag) found.tag = message.readString();
  else if (field === valueFields.simpleValue) found.value = message.readFloat();
  else if (field === valueFields.tensor) found.value = message.readMessage(readTensor, { value: found.value }).value;
}

/** A tensor of a single float or double, as TensorFlow 2 writes scalars. */
function readTensor(field: number, found: { value: number | undefined }, message: PbfReader): void {
  if (field === tensorFields.floats) found.value = message.readPackedFloat()[0];
  else if (field === tensorFields.doubles) found.value = message.readPackedDouble()[0];
  else if (field === tensorFields.content) {
    const bytes = Buffer.from(message.readBytes());
    found.value = bytes.length === 4 ? bytes.readFloatLE() : bytes.length === 8 ? bytes.readDoubleLE() : found.value;
  }
}
