// The head of a reward model: one row that turns a hidden state into a number, named and stored as Transformers and PEFT do.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { createRandom } from "../../common/random";
import { tf } from "../engine/tensorflow";
import { type HostTensor, readSafetensors } from "./formats/safetensors";
import { headName } from "./head-name";

/** score.weight [1, d]: of a safetensors file or a PEFT folder, or normal with deviation 1/√(d + 1) (Stiennon et al. 2020, arXiv 2009.01325). */
export function createHead(source: string | null, hiddenSize: number, seed: number): tf.Tensor2D {
  if (source) return readHead(source, hiddenSize);
  const random = createRandom(seed, "head");
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const values = Float32Array.from({ length: hiddenSize }, () => normal() / Math.sqrt(hiddenSize + 1));
  return tf.tensor2d(values, [1, hiddenSize]);
}

const scale = z.object({ mean: z.number(), deviation: z.number().positive() });

export type RewardScale = z.infer<typeof scale>;

/** Mean and deviation of a reward model's scores as its run measured them (reward.json); null where it left none. */
export function readScale(folder: string): RewardScale | null {
  const file = join(folder, "reward.json");
  return existsSync(file) ? scale.parse(JSON.parse(readFileSync(file, "utf8"))) : null;
}

/** Beside a process reward model: how its answers come apart into steps. */
export const processFile = "process.json";
const process = z.object({ stepSeparator: z.string().min(1) });

/** The text that ends a step, of a process reward model; null where a model scores answers whole. */
export function readStepSeparator(folder: string): string | null {
  const file = join(folder, processFile);
  return existsSync(file) ? process.parse(JSON.parse(readFileSync(file, "utf8"))).stepSeparator : null;
}

/**
 * The head of a reward model from which values start, `source`: where scores are brought to deviation 1, values start on that scale too, else
 * they would begin several times too large.
 */
export const scaledHead = (head: tf.Tensor2D, source: string, normalize: boolean): tf.Tensor2D =>
  normalize ? head.div(readScale(source)?.deviation ?? 1) : head;

/** Throws, with both shapes, where there is none that fits. */
export function readHead(source: string, hiddenSize: number): tf.Tensor2D {
  const file = existsSync(source) && statSync(source).isDirectory() ? adapterFileIn(source) : source;
  const tensors = readSafetensors(file);
  return headFrom(tensors.get(headName) ?? tensors.get(`base_model.model.${headName}`), hiddenSize, file);
}

/** PEFT's, or that of the package adapters. */
function adapterFileIn(folder: string): string {
  const ofAdapters = join(folder, "adapter.safetensors");
  return existsSync(ofAdapters) ? ofAdapters : join(folder, "adapter_model.safetensors");
}

/** Throws, with the file's name and both shapes, where it does not fit. → [1, d] */
export function headFrom(found: HostTensor | undefined, hiddenSize: number, file: string): tf.Tensor2D {
  if (found?.shape.join() !== `1,${hiddenSize}`)
    throw new Error(
      `${file}: ${headName} should be [1,${hiddenSize}] and is ${found ? `[${found.shape}]` : "missing"}`,
    );
  return tf.tensor2d(found.data, [1, hiddenSize]);
}
