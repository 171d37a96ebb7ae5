// Adapters as PEFT keeps them, adapter_config.json and adapter_model.safetensors: what is saved here loads in Transformers, vLLM and
// llama.cpp's converter, and back.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Adapter, promptEmbeddings, type Tuner } from "../engine/adapter";
import { tf } from "../engine/tensorflow";
import type { ModelConfig } from "../models/config";
import { parsedFields, readJson } from "../models/fields";
import { type HostTensor, readSafetensors, writeSafetensors } from "../models/formats/safetensors";
import { headName } from "../models/head-name";
import { adapterKinds } from "./kinds";

/** A weight's name in the file. PEFT keeps a learned prompt, which is on no layer, under its bare name. */
export const nameInFile = (name: string): string => (name === promptEmbeddings ? name : `base_model.model.${name}`);
export const adapterWeightsFile = "adapter_model.safetensors";
const configFile = "adapter_config.json";

/** Loads a PEFT folder. Throws where its config asks for more than is applied here, where its file holds other tensors, and, with both shapes, where it does not fit the model. */
export function readAdapter(folder: string, model: ModelConfig): Adapter {
  const tuner = readTuner(join(folder, configFile), model);
  const path = join(folder, adapterWeightsFile);
  if (!existsSync(path) && existsSync(join(folder, "adapter_model.bin")))
    throw new Error(
      `${folder} holds its weights as adapter_model.bin, which is a pickle and could run code; convert it in Python: load it with PeftModel.from_pretrained and save it with save_pretrained`,
    );
  const file = readSafetensors(path);
  for (const [name, shape] of tuner.shapes) {
    const found = file.get(nameInFile(name));
    if (found && found.shape.join() !== shape.join())
      throw new Error(`${folder}: ${name} should be [${shape}] for this model and is [${found.shape}]`);
  }
  refuseStrays(path, [...file.keys()], [...tuner.shapes.keys()]);
  const weights = [...tuner.shapes].map(
    ([name, shape]) => [name, tf.tensor(file.get(nameInFile(name))!.data, shape)] as const,
  );
  return { tuner, weights: new Map(weights) };
}

function readTuner(source: string, model: ModelConfig): Tuner {
  const json = readJson(source);
  refuseAdapterHub(json, source);
  const { peft_type: type } = parsedFields(z.object({ peft_type: z.string() }), json, source);
  const kinds = Object.values(adapterKinds);
  const kind = kinds.find(({ peftType }) => peftType === type);
  if (!kind)
    throw new Error(
      `${source}: peft_type "${type}" is not supported; supported is ${kinds.map(({ peftType }) => `"${peftType}"`).join(" or ")}`,
    );
  try {
    return kind.fromPeft(json, source, model);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw message.startsWith(source) ? cause : new Error(`${source}: ${message}`, { cause });
  }
}

/** The package `adapters` has files of the same name, of bottleneck adapters for example, which PEFT does not read either. */
function refuseAdapterHub(json: Record<string, unknown>, source: string): void {
  if ("peft_type" in json || typeof json.config !== "object" || json.config === null) return;
  const { architecture } = json.config as { architecture?: unknown }; // a bottleneck adapter leaves it empty
  throw new Error(
    `${source} is of the package adapters (${typeof json.version === "string" ? `version ${json.version}, ` : ""}${architecture ?? "bottleneck"}), whose adapters are not supported: what PEFT saves is read`,
  );
}

/** A reward model's head stands beside the adapter, and is read by readHead. */
function refuseStrays(path: string, found: string[], wanted: string[]): void {
  const [has, wants] = [new Set(found), new Set([...wanted, headName].map(nameInFile))];
  const missing = wanted.map(nameInFile).filter((name) => !has.has(name));
  const strays = found.filter((name) => !wants.has(name));
  const tensors = (names: string[]) => `${names.length} tensor${names.length === 1 ? "" : "s"}`;
  if (strays.length > 0)
    throw new Error(`${path} holds ${tensors(strays)} that its config does not ask for, the first ${strays[0]}`);
  if (missing.length > 0)
    throw new Error(`${path} lacks ${tensors(missing)} that its config asks for, the first ${missing[0]}`);
}

/** Writes adapter_config.json and adapter_model.safetensors into `folder`. */
export function writeAdapter(folder: string, { tuner, weights }: Adapter, base: string): void {
  mkdirSync(folder, { recursive: true });
  const scores = weights.has(headName); // of a reward model
  const config = {
    task_type: scores ? "SEQ_CLS" : "CAUSAL_LM",
    ...(scores && { modules_to_save: ["score"] }),
    base_model_name_or_path: base,
    ...tuner.config,
    inference_mode: true,
  };
  writeFileSync(join(folder, configFile), `${JSON.stringify(config, null, 2)}\n`, { flush: true });
  const tensors = new Map<string, HostTensor>();
  for (const [name, tensor] of tuner.saved?.(weights) ?? weights)
    tensors.set(nameInFile(name), { shape: tensor.shape, data: tensor.dataSync<"float32">() });
  writeSafetensors(join(folder, adapterWeightsFile), tensors);
}
