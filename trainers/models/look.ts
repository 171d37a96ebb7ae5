// What a model is, told by its config and by the names and shapes of its tensors: quick enough to be asked while somebody types. Its weights
// and its tokenizer are read when a run is examined. No tfjs in here: the web process asks.

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { modelPath } from "../../common/model-paths";
import type { ModelLook } from "../../spec/reports";
import type { ModelConfig } from "./config";
import { familyOf, parseModelConfig, weightShapes } from "./families";
import { readJson } from "./fields";
import { readGguf } from "./formats/gguf";
import { openWeightFiles } from "./formats/weight-files";
import { originOf } from "./model-card";
import { parseScorerConfig, scores } from "./scorer-config";

/** Throws a sentence where there is no model that can be trained. */
export async function lookAtModel(source: string): Promise<ModelLook> {
  const path = modelPath(source);
  return statSync(path).isDirectory() ? lookAtFolder(path) : await lookAtGguf(path);
}

function lookAtFolder(folder: string): ModelLook {
  const missing = (name: string) => new Error(`${folder} has no ${name}; ${expected}`);
  const [configPath, tokenizerPath] = [join(folder, "config.json"), join(folder, "tokenizer.json")];
  if (!existsSync(configPath)) throw missing("config.json");
  const json = readJson(configPath);
  const config = configOf(json, configPath);
  openWeightFiles(folder); // throws where they are not whole
  if (!existsSync(tokenizerPath)) throw missing("tokenizer.json");
  const context = config.learnedPositions ?? (Number(json.max_position_embeddings) || null);
  return {
    form: "folder",
    family: String(json.model_type),
    ...sizes(config),
    context,
    template: hasTemplate(folder),
    scores: scores(json),
    ...originOf(folder),
  };
}

const configOf = (json: Record<string, unknown>, path: string): ModelConfig =>
  scores(json) ? parseScorerConfig(json, path) : parseModelConfig(json, path);

/** A config.json by itself. Throws a sentence where its model cannot be used. */
export function lookAtConfig(path: string): { family: string } {
  const json = readJson(path);
  configOf(json, path);
  return { family: String(json.model_type) };
}

const expected =
  "a folder in Hugging Face layout holds config.json, tokenizer.json and the weights as safetensors; a .gguf file will do as well";

function hasTemplate(folder: string): boolean {
  if (existsSync(join(folder, "chat_template.jinja"))) return true;
  const file = join(folder, "tokenizer_config.json");
  return existsSync(file) && Object.hasOwn(readJson(file), "chat_template");
}

async function lookAtGguf(path: string): Promise<ModelLook> {
  if (!path.endsWith(".gguf")) throw new Error(`${path} is neither a folder in Hugging Face layout nor a .gguf file`);
  const { config, metadata } = await readGguf(path).catch((cause: Error) => {
    throw cause.message.includes(path) ? cause : new Error(`${path} cannot be read: ${cause.message}`, { cause });
  });
  const family = String(metadata["general.architecture"]);
  const context = Number(metadata[`${family}.context_length`]) || null;
  return {
    form: "gguf",
    family,
    ...sizes(config),
    context,
    template: "tokenizer.chat_template" in metadata,
    scores: false,
  };
}

/** Parameters in all; and where the MLP is a mixture of experts those that a token meets. */
function sizes(config: ModelConfig) {
  const count = (shapes: number[][]) => shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b), 0);
  const parameters = count(Object.values(weightShapes(config)));
  const { layers, mixture } = config;
  if (!mixture) return { layers, parameters };
  const { gateUp, down, shapes } = familyOf(config).experts!(config);
  const experts = layers * count([...gateUp, ...down].map((name) => shapes[name]!));
  return { layers, parameters, active: parameters - experts + (experts * mixture.active) / mixture.experts };
}
