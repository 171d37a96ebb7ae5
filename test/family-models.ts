// Tiny models of each family with weights that follow from their names, as data/golden/families/make-families.py has them.
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lora as adapterOptions } from "../spec/adapters/lora";
import { writeAdapter } from "../trainers/adapters/files";
import { createAdapter } from "../trainers/adapters/kinds";
import { tf } from "../trainers/engine/tensorflow";
import { createSampler } from "../trainers/inference/sampling";
import { parseModelConfig, weightShapes } from "../trainers/models/families";
import { type HostTensor, writeSafetensors } from "../trainers/models/formats/safetensors";
import type { Model } from "../trainers/models/model";

/** Uniform in −½ … ½: a hash of the name and of each place, in 32 bits. */
export function numbers(name: string, count: number): Float64Array {
  let h = 2166136261;
  for (const byte of Buffer.from(name)) h = Math.imul(h ^ byte, 16777619);
  return Float64Array.from({ length: count }, (_, i) => {
    let x = (h + Math.imul(i, 0x9e3779b9)) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32 - 0.5;
  });
}

export function tensorOf(name: string, shape: number[], scale: number): HostTensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float32Array.from(numbers(name, size), (x) => scale * x) };
}

/** Norms are around 1, Gemma's, which add 1 themselves, around 0. */
export function familyWeights(config: Record<string, unknown>): Map<string, HostTensor> {
  const isGemma = String(config.model_type).startsWith("gemma");
  return new Map(
    Object.entries(weightShapes(parseModelConfig(config))).map(([name, shape]) => {
      if (!/norm|ln_/.test(name)) return [name, tensorOf(name, shape, 0.6)];
      const values = numbers(name, shape[0]!);
      return [name, { shape, data: Float32Array.from(values, (x) => 0.5 * x + (isGemma ? 0 : 1)) }];
    }),
  );
}

/** A folder as Transformers would have saved it, without a tokenizer. */
export function writeFamilyModel(folder: string, config: Record<string, unknown>): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  writeSafetensors(join(folder, "model.safetensors"), familyWeights(config));
}

/** The same with the tokenizer and chat template of the models that TRL trains for the golden values. */
export function writeFamilyFolder(folder: string, config: Record<string, unknown>): void {
  writeFamilyModel(folder, config);
  for (const file of ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"])
    cpSync(join("data/golden/trajectories/model", file), join(folder, file));
}

/** The adapter, and the head of a reward model, with which the makers' runs start. */
export function writeStart(folder: string, config: Record<string, unknown>, isReward: boolean): void {
  const model = parseModelConfig(config);
  const adapter = createAdapter(model, adapterOptions.parse({ rank: 4, alpha: 8 }), 0);
  const shapes = new Map<string, number[]>([...adapter.weights].map(([name, { shape }]) => [name, shape]));
  if (isReward) shapes.set("score.weight", [1, model.hiddenSize]);
  const weights = [...shapes].map(
    ([name, shape]) => [name, tf.tensor(tensorOf(name, shape, 0.3).data, shape)] as const,
  );
  writeAdapter(folder, { ...adapter, weights: new Map(weights) }, "base");
}

/** What a model says after each of some prompts in one batch: 64 tokens, the likeliest each time. */
export function greedilyOf(model: Model): (prompts: number[][]) => number[][] {
  const sample = createSampler(model, null);
  return (prompts) => {
    const streams = prompts.map((_, i) => `row ${i}`);
    return sample(prompts, { maxNewTokens: 64, temperature: 0, ends: new Set(), pad: 0, streams }).map(
      ({ ids }) => ids,
    );
  };
}
