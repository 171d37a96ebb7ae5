// From a model's name in a run file to its weights and tokenizer.
import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { RunConfig } from "../config";
import { type ModelConfig, parseModelConfig } from "./config";
import { readGguf } from "./gguf";
import { type HostTensor, readSafetensors } from "./safetensors";
import { type ChatTokenizer, readTokenizer, tokenizerFromGguf } from "./tokenizer";
import type { Model } from "./transformer";
import { frozenWeights } from "./weights";

export interface LoadedFiles {
  config: ModelConfig;
  host: Map<string, HostTensor>;
  tokenizer: ChatTokenizer;
}

const projectRoot = resolve(import.meta.dirname, "..", "..");

/** Models that come with the workbench, by name: where they are, and how to get them where they are not. */
export const bundled: Record<string, { path: string; get: string }> = {
  tiny: { path: join(projectRoot, "data", "tiny"), get: "it belongs to the repository; restore data/tiny with git" },
  "smollm2-135m-instruct": {
    path: join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "alignment-workbench", "models", "smollm2-135m-instruct.gguf"),
    get: "run npm run workbench -- fetch smollm2-135m-instruct",
  },
};

/** The path behind a model's name. Throws with what to do where nothing is there. */
export function modelPath(source: string): string {
  const known = bundled[source];
  const path = known?.path ?? resolve(source);
  if (source.startsWith("hub:")) throw new Error(`model ${source}: downloading from the hub is not supported yet; give a folder in Hugging Face layout or a .gguf file`);
  if (!existsSync(path)) throw new Error(`model ${source} is not at ${path}; ${known?.get ?? "give a folder in Hugging Face layout or a .gguf file"}`);
  return path;
}

export async function readModel(source: string): Promise<LoadedFiles> {
  const path = modelPath(source);
  if (statSync(path).isDirectory()) {
    const config = parseModelConfig(JSON.parse(readFileSync(join(path, "config.json"), "utf8")));
    return { config, host: readSafetensors(join(path, "model.safetensors")), tokenizer: readTokenizer(path) };
  }
  const { config, weights, metadata } = await readGguf(path);
  return { config, host: weights, tokenizer: tokenizerFromGguf(metadata, path) };
}

/** A model with its base frozen. */
export async function loadModel({ source, dtype }: RunConfig["model"]): Promise<{ model: Model; tokenizer: ChatTokenizer }> {
  const { config, host, tokenizer } = await readModel(source);
  return { model: { config, weights: frozenWeights(config, host, dtype) }, tokenizer };
}
