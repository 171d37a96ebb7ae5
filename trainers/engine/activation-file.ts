// Activations that lie in a file between the forward and the backward pass, as paged optimiser states do between updates: the last resort of long rows.
import { mkdtempSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { recorder } from "./jit/recorder";
import { native, nativeOp } from "./native";
import type { tf } from "./tensorflow";

let file: number | null = null;

/** Throws where the own ops are not there, which alone can keep activations in a file. */
export function requireActivationFile(): void {
  if (!native())
    throw new Error(
      'recompute "disk" needs the project\'s own ops, which are not there or switched off (docs/setup.md): use "block"',
    );
}

/** From here on `recompute: "disk"` may be used. The file goes with this process. */
export function openActivationFile(folder: string): void {
  requireActivationFile();
  if (file !== null) return;
  const aside = mkdtempSync(join(folder, "tmp-activations-"));
  file = openSync(join(aside, "activations"), "w+");
  rmSync(aside, { recursive: true }); // the open file stays, and from here on no kill leaves it behind
}

interface Where {
  file: number;
  place: number;
}

const attributes = ({ file, place }: Where) => ({ file: { int: file }, place: { int: place } });
const keep = nativeOp<Where>("WorkbenchKeepInFile", (where) => ({
  attributes: attributes(where),
  outputs: [{ name: "kept", shape: [1], dtype: "int32" }],
}));
const take = nativeOp<Where & { shape: number[] }>("WorkbenchTakeFromFile", ({ shape, ...where }) => ({
  attributes: attributes(where),
  outputs: [{ name: "x", shape, dtype: "float32" }],
}));

/** Where a tensor lies: what stands for it on the tape, and its place in the file. */
export interface InFile {
  kept: tf.Tensor;
  /** x again, once `after` is known. */
  taken(kept: tf.Tensor, after: tf.Tensor): tf.Tensor2D;
}

/** Writes x [N, d] to the file. Each call within a graph has a place of its own; runs follow one another, so that all graphs may use the same places. */
export function keptInFile(x: tf.Tensor2D): InFile {
  if (file === null) throw new Error("no file of activations is open");
  const where = { file, place: recorder.nextPlace() };
  return {
    kept: keep([x], where)[0]!,
    taken: (kept, after) => take([kept, after], { ...where, shape: x.shape })[0] as tf.Tensor2D,
  };
}
