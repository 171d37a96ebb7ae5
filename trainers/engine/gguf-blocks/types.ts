// The blocks of a GGUF file that a frozen matrix is held in. Layouts: ggml-quants.c of ggml-org/ggml.

/** Numbers and bytes of a block of each type, in the order of native/gguf-blocks.cc. */
export const heldTypes = {
  Q4_0: { values: 32, bytes: 18 },
  Q4_1: { values: 32, bytes: 20 },
  Q5_0: { values: 32, bytes: 22 },
  Q5_1: { values: 32, bytes: 24 },
  Q8_0: { values: 32, bytes: 34 },
  Q4_K: { values: 256, bytes: 144 },
  Q5_K: { values: 256, bytes: 176 },
  Q6_K: { values: 256, bytes: 210 },
};
export type HeldType = keyof typeof heldTypes;

export const isHeldType = (name: string): name is HeldType => Object.hasOwn(heldTypes, name);

export const blockBytes = (type: HeldType, numbers: number): number =>
  (numbers / heldTypes[type].values) * heldTypes[type].bytes;

/** A matrix, row after row, each of whole blocks. */
export interface BlockRows {
  type: HeldType;
  shape: [number, number]; // [out, in]
  bytes: Uint8Array;
}
