// LoRA (Hu et al. 2021, arXiv 2106.09685): y = x Wᵀ + (α/r) · x Aᵀ Bᵀ with A [r, in] random, B [out, r] zero, W frozen.
// Names and shapes are PEFT's, so an adapter saved here loads in Transformers, vLLM and llama.cpp's converter, and back.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type AdapterConfig, linearLayers } from "../config";
import { tf } from "../engine/tensorflow";
import { createRandom } from "../random";
import { linearShapes, type ModelConfig } from "./config";
import { type HostTensor, readSafetensors, writeSafetensors } from "./safetensors";
import { headName } from "./score-head";

export interface Adapter {
  rank: number;
  alpha: number;
  targets: readonly string[];
  /** `model.layers.0.self_attn.q_proj.lora_A.weight` → [r, in]; `…lora_B.weight` → [out, r]; in a reward model `score.weight` → [1, d]. */
  weights: Map<string, tf.Tensor2D>;
}

export const parameterName = (layer: number, linear: string, part: "A" | "B") =>
  `model.layers.${layer}.${linear}.lora_${part}.weight`;

/** The matrices of one layer's updates. */
export const layerVariables = (adapter: Adapter | null, layer: number): tf.Tensor2D[] =>
  [...(adapter?.weights ?? [])].flatMap(([name, tensor]) => (name.startsWith(`model.layers.${layer}.`) ? tensor : []));

/** A fresh adapter: A uniform in ±1/√in (PEFT's kaiming_uniform with a = √5), B zero, so the policy starts as its base. */
export function createAdapter(model: ModelConfig, config: AdapterConfig, seed: number): Adapter {
  const { rank, alpha } = config;
  const targets = config.targets === "all-linear" ? linearLayers : config.targets;
  const random = createRandom(seed, "lora");
  const weights = new Map<string, tf.Tensor2D>();
  for (const { layer, linear, shape } of adapted(model, targets)) {
    const [output, input] = shape;
    const bound = 1 / Math.sqrt(input);
    const a = Float32Array.from({ length: rank * input }, () => (2 * random() - 1) * bound);
    weights.set(parameterName(layer, linear, "A"), tf.tensor2d(a, [rank, input]));
    weights.set(parameterName(layer, linear, "B"), tf.zeros([output, rank]));
  }
  return { rank, alpha, targets, weights };
}

/** The linear layers that `targets` names, block by block. */
function adapted(model: ModelConfig, targets: readonly string[]) {
  return Array.from({ length: model.layers }, (_, layer) =>
    Object.entries(linearShapes(model))
      .filter(([linear]) => targets.includes(linear.split(".")[1]!))
      .map(([linear, shape]) => ({ layer, linear, shape })),
  ).flat();
}

const peftConfig = z.looseObject({
  peft_type: z.literal("LORA"),
  r: z.int(),
  lora_alpha: z.number(),
  target_modules: z.union([z.string(), z.array(z.string())]),
  use_dora: z.literal(false).default(false),
  use_rslora: z.literal(false).default(false),
});

/** Loads a PEFT folder. Throws with both shapes where it does not fit the model. */
export function readAdapter(folder: string, model: ModelConfig): Adapter {
  const config = peftConfig.parse(JSON.parse(readFileSync(join(folder, "adapter_config.json"), "utf8")));
  const targets = Array.isArray(config.target_modules) ? config.target_modules : linearLayers;
  const file = readSafetensors(join(folder, "adapter_model.safetensors"));
  const weights = new Map<string, tf.Tensor2D>();
  for (const { layer, linear, shape } of adapted(model, targets))
    for (const part of ["A", "B"] as const) {
      const name = parameterName(layer, linear, part);
      const expected = part === "A" ? [config.r, shape[1]] : [shape[0], config.r];
      const found = file.get(`base_model.model.${name}`);
      if (!found || found.shape.join() !== expected.join())
        throw new Error(
          `${folder}: ${name} should be [${expected}] for this model and is ${found ? `[${found.shape}]` : "missing"}`,
        );
      weights.set(name, tf.tensor2d(found.data, found.shape as [number, number]));
    }
  return { rank: config.r, alpha: config.lora_alpha, targets, weights };
}

/** Writes adapter_config.json and adapter_model.safetensors into `folder`. */
export function writeAdapter(folder: string, adapter: Adapter, base: string): void {
  mkdirSync(folder, { recursive: true });
  const scores = adapter.weights.has(headName); // of a reward model
  const config = {
    peft_type: "LORA",
    task_type: scores ? "SEQ_CLS" : "CAUSAL_LM",
    ...(scores && { modules_to_save: ["score"] }),
    base_model_name_or_path: base,
    r: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: 0,
    target_modules: adapter.targets,
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    use_dora: false,
    use_rslora: false,
  };
  writeFileSync(join(folder, "adapter_config.json"), `${JSON.stringify(config, null, 2)}\n`, { flush: true });
  const tensors = new Map<string, HostTensor>();
  for (const [name, tensor] of adapter.weights)
    tensors.set(`base_model.model.${name}`, { shape: tensor.shape, data: tensor.dataSync<"float32">() });
  writeSafetensors(join(folder, "adapter_model.safetensors"), tensors);
}

/** A frozen copy: the reference "the adapter as it was at the start". */
export function cloneAdapter(adapter: Adapter): Adapter {
  return {
    ...adapter,
    weights: new Map(
      [...adapter.weights].map(([name, tensor]) => [name, tf.tensor2d(tensor.dataSync(), tensor.shape)]),
    ),
  };
}
