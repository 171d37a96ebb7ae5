// What an optimiser keeps of its variables, in a file instead of in memory ("paged optimizers", Dettmers et al. 2023, arXiv 2305.14314, section 3):
// an update reads and writes it tensor by tensor. The operating system holds as much of the file as it has memory to spare.
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { whenThereIsRoom } from "../../../common/full-disk";
import { tf } from "../../engine/tensorflow";
import { floatMemory } from "../../models/formats/float-memory";

/** A value that an optimiser keeps between updates: a variable, or a place in a file. */
export type Slot = Pick<tf.Variable, "shape" | "dtype" | "size" | "dataSync" | "assign">;

/** Owned by the caller, unless it is a variable. */
export const tensorOf = (slot: Slot): tf.Tensor =>
  slot instanceof tf.Tensor ? slot : tf.tensor(slot.dataSync<"float32">(), slot.shape, slot.dtype);

export interface Pages {
  /** Gives a value the next place. */
  place(value: tf.Tensor): Slot;
  close(): void;
}

/** A file in `folder` that goes when it is closed, or with this process. */
export function createPages(folder: string): Pages {
  const aside = mkdtempSync(join(folder, "tmp-optimizer-"));
  const file = openSync(join(aside, "states"), "w+");
  rmSync(aside, { recursive: true }); // the open file stays, and from here on no kill leaves it behind
  let end = 0;
  const place = (value: tf.Tensor): Slot => {
    const [start, { shape, dtype, size }] = [end, value];
    end += 4 * size; // float32 and int32 alike
    const slot = {
      ...{ shape, dtype, size },
      dataSync() {
        const data = floatMemory(size);
        read(file, Buffer.from(data.buffer), start);
        return dtype === "int32" ? new Int32Array(data.buffer) : data;
      },
      assign(next: tf.Tensor) {
        const { buffer, byteOffset, byteLength } = next.dataSync<"float32">();
        whenThereIsRoom(() => write(file, Buffer.from(buffer, byteOffset, byteLength), start));
      },
    } as Slot;
    slot.assign(value as tf.Tensor<never>);
    return slot;
  };
  return { place, close: () => closeSync(file) };
}

function read(file: number, into: Buffer, position: number): void {
  for (let done = 0; done < into.length; ) {
    const count = readSync(file, into, done, into.length - done, position + done);
    if (count === 0)
      throw new Error(`the optimizer's file ends at ${position + done}, before ${position + into.length}`);
    done += count;
  }
}

function write(file: number, from: Buffer, position: number): void {
  for (let done = 0; done < from.length; ) done += writeSync(file, from, done, from.length - done, position + done);
}
