// Adapters as PEFT keeps them, adapter_config.json and adapter_model.safetensors: what is saved here loads in Transformers, vLLM and
// llama.cpp's converter, and back.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Adapter, type Layout, promptEmbeddings, type Tuner } from "../engine/adapter";
import { tf } from "../engine/tensorflow";
import type { ModelConfig } from "../models/config";
import { parsedFields, readJson } from "../models/fields";
import { type HostTensor, readSafetensors, writeSafetensors } from "../models/formats/safetensors";
import { headName } from "../models/head-name";
import type { AdapterKind } from "./kind";
import { adapterKinds } from "./kinds";

export const layoutOf = ({ layout, config }: Tuner): Layout =>
  layout ?? {
    weightsFile: "adapter_model.safetensors",
    nameInFile: peftName,
    config: (base) => ({ base_model_name_or_path: base, ...config, inference_mode: true }),
  };
/** PEFT keeps a learned prompt, which is on no layer, under its bare name. GPT-NeoX's head has its older name in a model's files alone. */
const peftName = (name: string) =>
  name === promptEmbeddings ? name : `base_model.model.${name.replace(/^embed_out\./, "lm_head.")}`;
const configFile = "adapter_config.json";

/** Loads a PEFT folder, or a bottleneck adapter of the package adapters. Throws where its config asks for more than is applied here, where its file holds other tensors, and, with both shapes, where it does not fit the model. */
export function readAdapter(folder: string, model: ModelConfig): Adapter {
  const tuner = readTuner(folder, model);
  const { weightsFile, nameInFile } = layoutOf(tuner);
  const path = join(folder, weightsFile);
  if (!existsSync(path)) refusePickles(folder);
  const file = ownTensors(tuner, path);
  for (const [name, shape] of tuner.shapes) {
    const found = file.get(nameInFile(name));
    if (found && found.shape.join() !== shape.join())
      throw new Error(`${folder}: ${name} should be [${shape}] for this model and is [${found.shape}]`);
  }
  refuseStrays(path, [...file.keys()], [...tuner.shapes.keys(), headName].map(nameInFile), nameInFile(headName));
  const weights = [...tuner.shapes].map(
    ([name, shape]) => [name, tf.tensor(file.get(nameInFile(name))!.data, shape)] as const,
  );
  return { tuner, weights: new Map(weights) };
}

function ownTensors(tuner: Tuner, path: string): Map<string, HostTensor> {
  const file = readSafetensors(path);
  try {
    return tuner.ownTensors?.(file, layoutOf(tuner).nameInFile) ?? file;
  } catch (cause) {
    throw new Error(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function refusePickles(folder: string): void {
  for (const [file, convert] of Object.entries(pickles))
    if (existsSync(join(folder, file)))
      throw new Error(
        `${folder} holds its weights as ${file}, which is a pickle and could run code; convert it in Python: ${convert}`,
      );
}
const pickles = {
  "adapter_model.bin": "load it with PeftModel.from_pretrained and save it with save_pretrained",
  "pytorch_adapter.bin": "load it with load_adapter and save it with save_adapter(…, use_safetensors=True)",
};

/** The same without its weights: what its config says that there is. */
export function readTuner(folder: string, model: ModelConfig): Tuner {
  const source = join(folder, configFile);
  const json = readJson(source);
  try {
    return kindOf(json, source).fromFile(json, source, model);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw message.startsWith(source) ? cause : new Error(`${source}: ${message}`, { cause });
  }
}

function kindOf(json: Record<string, unknown>, source: string): Pick<AdapterKind<never>, "fromFile"> {
  if (isOfAdapters(json, source)) return adapterKinds.bottleneck;
  const { peft_type: type } = parsedFields(z.object({ peft_type: z.string() }), json, source);
  const kinds = Object.values(adapterKinds).filter(({ peftType }) => peftType !== null);
  const kind = kinds.find(({ peftType }) => peftType === type);
  if (kind) return kind;
  const known = kinds.map(({ peftType }) => `"${peftType}"`).join(" or ");
  throw new Error(`${source}: peft_type "${type}" is not supported; supported is ${known}`);
}

/** The package `adapters` has files of the same name as PEFT. Throws where they hold another kind than a bottleneck. */
function isOfAdapters(json: Record<string, unknown>, source: string): boolean {
  if ("peft_type" in json || typeof json.config !== "object" || json.config === null) return false;
  const { architecture } = json.config as { architecture?: unknown }; // a bottleneck adapter leaves it empty
  if (architecture == null) return true;
  throw new Error(
    `${source} is of the package adapters (${typeof json.version === "string" ? `version ${json.version}, ` : ""}${architecture}), of which only bottleneck adapters are read: save others with PEFT`,
  );
}

/** A reward model's head, called `head`, stands beside the adapter, and is read by readHead. */
function refuseStrays(path: string, found: string[], wanted: string[], head: string): void {
  const [has, wants] = [new Set(found), new Set(wanted)];
  const missing = wanted.filter((name) => name !== head && !has.has(name));
  const strays = found.filter((name) => !wants.has(name));
  const tensors = (names: string[]) => `${names.length} tensor${names.length === 1 ? "" : "s"}`;
  if (strays.length > 0)
    throw new Error(`${path} holds ${tensors(strays)} that its config does not ask for, the first ${strays[0]}`);
  if (missing.length > 0)
    throw new Error(`${path} lacks ${tensors(missing)} that its config asks for, the first ${missing[0]}`);
}

/** Writes adapter_config.json and the file of weights into `folder`. */
export function writeAdapter(folder: string, { tuner, weights }: Adapter, base: string): void {
  mkdirSync(folder, { recursive: true });
  const scores = weights.has(headName); // of a reward model
  const { weightsFile, nameInFile, config: configOver } = layoutOf(tuner);
  const saved = [(tuner.config.modules_to_save as string[] | undefined) ?? [], scores ? "score" : []].flat();
  const task = { task_type: scores ? "SEQ_CLS" : "CAUSAL_LM", ...(saved.length > 0 && { modules_to_save: saved }) };
  const config = { ...configOver(base), ...(!tuner.layout && task) };
  writeFileSync(join(folder, configFile), `${JSON.stringify(config, null, 2)}\n`, { flush: true });
  const tensors = new Map<string, HostTensor>();
  for (const [name, tensor] of tuner.saved?.(weights) ?? weights)
    tensors.set(nameInFile(name), { shape: tensor.shape, data: tensor.dataSync<"float32">() });
  writeSafetensors(join(folder, weightsFile), tensors);
}
