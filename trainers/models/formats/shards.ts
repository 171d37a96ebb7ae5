// A model's weights as one file or, where they are larger than a file may be, as several with an index: as save_pretrained of Transformers
// 5.23 writes them, by the rule of huggingface_hub 2.4 (serialization/_base.py).
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bytesPer, type StoredFloat, streamSafetensors } from "./safetensors";

type Shapes = Record<string, number[]>;

/** What save_pretrained takes where nobody says otherwise. */
const usualShardBytes = 50e9;

/** Weights of each file, in their order. One that is larger than `most` bytes has a file of its own, before the one that is being filled. */
export function shardsOf(shapes: Shapes, type: StoredFloat, most: number): string[][] {
  const shards: string[][] = [];
  let [open, size]: [string[], number] = [[], 0];
  for (const [name, shape] of Object.entries(shapes)) {
    const bytes = bytesOf(shape, type);
    if (bytes > most) {
      shards.push([name]);
      continue;
    }
    if (size + bytes > most) {
      shards.push(open);
      [open, size] = [[], 0];
    }
    open.push(name);
    size += bytes;
  }
  return open.length > 0 ? [...shards, open] : shards;
}

const bytesOf = (shape: number[], type: StoredFloat) => bytesPer[type] * shape.reduce((a, b) => a * b, 1);

/** Writes model.safetensors, or model-00001-of-0000N.safetensors and so on with model.safetensors.index.json. `data` is asked for each weight in turn. */
export function writeWeights(
  folder: string,
  shapes: Shapes,
  data: (name: string) => Float32Array,
  type: StoredFloat,
  most = usualShardBytes,
): void {
  const shards = shardsOf(shapes, type, most);
  if (shards.length === 1) {
    streamSafetensors(join(folder, "model.safetensors"), shapes, data, type);
    return;
  }
  const number = (n: number) => String(n).padStart(5, "0");
  const map: Record<string, string> = {};
  for (const [i, names] of shards.entries()) {
    const file = `model-${number(i + 1)}-of-${number(shards.length)}.safetensors`;
    for (const name of names) map[name] = file;
    const own = Object.fromEntries(names.map((name) => [name, shapes[name]!]));
    streamSafetensors(join(folder, file), own, data, type);
  }
  const total = Object.values(shapes).reduce((sum, shape) => sum + bytesOf(shape, type), 0);
  const index = { metadata: { total_size: total }, weight_map: map };
  writeFileSync(join(folder, "model.safetensors.index.json"), `${JSON.stringify(index, null, 2)}\n`, { flush: true });
}
