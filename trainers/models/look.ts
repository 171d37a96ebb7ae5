// What a model is, told by its config and the names of its files: quick enough to be asked while somebody types. Its weights and its tokenizer
// are read when a run is examined. No tfjs in here: the web process asks.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { problems } from "../config";
import { type ModelConfig, weightShapes } from "./config";
import { readGguf } from "./gguf";
import { parseModelConfig } from "./hugging-face-config";
import { modelPath } from "./paths";

export interface ModelLook {
  form: "folder" | "gguf";
  /** Of models: llama, qwen2, … */
  family: string;
  parameters: number;
  layers: number;
  /** Most tokens that it was made for, where it says so. */
  context: number | null;
  /** Whether it says how a conversation is written. */
  template: boolean;
}

/** Throws a sentence where there is no model that can be trained. */
export async function lookAtModel(source: string): Promise<ModelLook> {
  const path = modelPath(source);
  return statSync(path).isDirectory() ? lookAtFolder(path) : await lookAtGguf(path);
}

const facts = z.looseObject({ model_type: z.string(), max_position_embeddings: z.number().nullish() });

function lookAtFolder(folder: string): ModelLook {
  const names = readdirSync(folder);
  const missing = (what: string) => new Error(`${folder} has no ${what}; ${expected}`);
  if (!names.includes("config.json")) throw missing("config.json");
  const json = readJson(join(folder, "config.json"));
  const config = said(`config.json of ${folder}`, () => parseModelConfig(json));
  if (!weightFiles.some((name) => names.includes(name))) throw missing(`weights as ${weightFiles.join(" or ")}`);
  if (!names.includes("tokenizer.json")) throw missing("tokenizer.json");
  const { model_type: family, max_position_embeddings: context } = facts.parse(json);
  return { form: "folder", family, ...sizes(config), context: context ?? null, template: hasTemplate(folder) };
}

const weightFiles = ["model.safetensors", "model.safetensors.index.json"];
const expected =
  "a folder in Hugging Face layout holds config.json, tokenizer.json and the weights as safetensors; a .gguf file will do as well";

function hasTemplate(folder: string): boolean {
  if (existsSync(join(folder, "chat_template.jinja"))) return true;
  const file = join(folder, "tokenizer_config.json");
  return existsSync(file) && Object.hasOwn(readJson(file), "chat_template");
}

function readJson(file: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new Error(`${file} is not JSON: an object is expected`, { cause });
  }
}

/** What a schema has to say, in sentences. */
function said<T>(where: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    throw new Error(`${where}: ${problems(cause).join("; ")}`, { cause });
  }
}

async function lookAtGguf(path: string): Promise<ModelLook> {
  if (!path.endsWith(".gguf")) throw new Error(`${path} is neither a folder in Hugging Face layout nor a .gguf file`);
  const { config, metadata } = await readGguf(path).catch((cause: Error) => {
    throw cause.message.includes(path) ? cause : new Error(`${path} cannot be read: ${cause.message}`, { cause });
  });
  const family = String(metadata["general.architecture"]);
  const context = Number(metadata[`${family}.context_length`]) || null;
  return { form: "gguf", family, ...sizes(config), context, template: "tokenizer.chat_template" in metadata };
}

const sizes = (config: ModelConfig) => ({
  layers: config.layers,
  parameters: Object.values(weightShapes(config)).reduce((sum, shape) => sum + shape.reduce((a, b) => a * b), 0),
});
