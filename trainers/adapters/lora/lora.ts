// LoRA (Hu et al. 2021, arXiv 2106.09685): y = x Wᵀ + (α/r) · x Aᵀ Bᵀ with A [r, in] random, B [out, r] zero, W frozen.
// Names and shapes are PEFT's, so an adapter saved here loads in Transformers, vLLM and llama.cpp's converter, and back.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "../../../common/random";
import { type AdapterConfig, linearLayers } from "../../../spec/fields/common";
import { tf } from "../../engine/tensorflow";
import type { ModelConfig } from "../../models/config";
import { type HostTensor, readSafetensors, writeSafetensors } from "../../models/formats/safetensors";
import { headName } from "../../models/head-name";
import { type LoraConfig, readLoraConfig } from "./peft-config";
import { adaptedLayers } from "./targets";

export interface Adapter {
  lora: LoraConfig;
  /** What each layer's update is multiplied by, by the layer's name: `model.layers.0.self_attn.q_proj` → α/r. */
  scales: ReadonlyMap<string, number>;
  /** `model.layers.0.self_attn.q_proj.lora_A.weight` → [r, in]; `…lora_B.weight` → [out, r]; in a reward model `score.weight` → [1, d]. */
  weights: Map<string, tf.Tensor2D>;
}

/** The update of one layer: scale · B A. */
export interface Update {
  a: tf.Tensor2D; // [r, in]
  b: tf.Tensor2D; // [out, r]
  scale: number;
}

/** Null where the layer is not adapted. */
export function updateOf(adapter: Adapter | null, module: string): Update | null {
  const scale = adapter?.scales.get(module);
  if (adapter === null || scale === undefined) return null;
  const [a, b] = (["A", "B"] as const).map((part) => adapter.weights.get(parameterName(module, part))!);
  return { a: a!, b: b!, scale };
}

const parameterName = (module: string, part: "A" | "B") => `${module}.lora_${part}.weight`;

/** The matrices of one layer's updates. */
export const layerVariables = (adapter: Adapter | null, layer: number): tf.Tensor2D[] =>
  [...(adapter?.weights ?? [])].flatMap(([name, tensor]) => (name.startsWith(`model.layers.${layer}.`) ? tensor : []));

/** A fresh adapter: A uniform in ±1/√in (PEFT's kaiming_uniform with a = √5), B zero, so the policy starts as its base. */
export function createAdapter(model: ModelConfig, config: AdapterConfig, seed: number): Adapter {
  const lora: LoraConfig = {
    r: config.rank,
    lora_alpha: config.alpha,
    target_modules: config.targets === "all-linear" ? [...linearLayers] : config.targets,
    use_rslora: false,
  };
  const random = createRandom(seed, "lora");
  const layers = adaptedLayers(lora, model);
  const weights = new Map<string, tf.Tensor2D>();
  for (const { module, shape, rank } of layers) {
    const [output, input] = shape;
    const bound = 1 / Math.sqrt(input);
    const a = Float32Array.from({ length: rank * input }, () => (2 * random() - 1) * bound);
    weights.set(parameterName(module, "A"), tf.tensor2d(a, [rank, input]));
    weights.set(parameterName(module, "B"), tf.zeros([output, rank]));
  }
  return { lora, scales: scalesOf(layers), weights };
}

const scalesOf = (layers: { module: string; scale: number }[]) =>
  new Map(layers.map(({ module, scale }) => [module, scale]));

/** Loads a PEFT folder. Throws where its config asks for more than is applied here, where its file holds other tensors, and, with both shapes, where it does not fit the model. */
export function readAdapter(folder: string, model: ModelConfig): Adapter {
  const lora = readLoraConfig(folder, model);
  const layers = layersOf(folder, lora, model);
  const path = join(folder, "adapter_model.safetensors");
  if (!existsSync(path) && existsSync(join(folder, "adapter_model.bin")))
    throw new Error(
      `${folder} holds its weights as adapter_model.bin, which is a pickle and could run code; convert it in Python: load it with PeftModel.from_pretrained and save it with save_pretrained`,
    );
  const file = readSafetensors(path);
  const wanted = new Map(
    layers.flatMap(({ module, shape: [output, input], rank }): [string, [number, number]][] => [
      [parameterName(module, "A"), [rank, input]],
      [parameterName(module, "B"), [output, rank]],
    ]),
  );
  for (const [name, shape] of wanted) {
    const found = file.get(prefix + name);
    if (found && found.shape.join() !== shape.join())
      throw new Error(`${folder}: ${name} should be [${shape}] for this model and is [${found.shape}]`);
  }
  refuseStrays(path, [...file.keys()], [...wanted.keys()]);
  const weights = new Map(
    [...wanted].map(([name, shape]) => [name, tf.tensor2d(file.get(prefix + name)!.data, shape)] as const),
  );
  return { lora, scales: scalesOf(layers), weights };
}

const prefix = "base_model.model.";

function layersOf(folder: string, lora: LoraConfig, model: ModelConfig) {
  try {
    return adaptedLayers(lora, model);
  } catch (cause) {
    throw new Error(`${join(folder, "adapter_config.json")}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

/** A reward model's head stands beside the adapter, and is read by readHead. */
function refuseStrays(path: string, found: string[], wanted: string[]): void {
  const [has, wants] = [new Set(found), new Set([...wanted, headName].map((name) => prefix + name))];
  const missing = wanted.map((name) => prefix + name).filter((name) => !has.has(name));
  const strays = found.filter((name) => !wants.has(name));
  const tensors = (names: string[]) => `${names.length} tensor${names.length === 1 ? "" : "s"}`;
  if (strays.length > 0)
    throw new Error(`${path} holds ${tensors(strays)} that its config does not ask for, the first ${strays[0]}`);
  if (missing.length > 0)
    throw new Error(`${path} lacks ${tensors(missing)} that its config asks for, the first ${missing[0]}`);
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
    ...adapter.lora,
    lora_dropout: 0,
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    use_dora: false,
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
