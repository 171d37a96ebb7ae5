// From a model's name in a run file to its weights and tokenizer.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { RunConfig } from "../config";
import { fileHash } from "../file-hash";
import { type ModelConfig, parseModelConfig, toHuggingFaceConfig } from "./config";
import { readGguf } from "./gguf";
import { tokenizerFromGguf } from "./gguf-tokenizer";
import { modelPath } from "./paths";
import { openSafetensors, type WeightSource } from "./safetensors";
import { type ChatTokenizer, readTokenizer } from "./tokenizer";
import type { Model } from "./transformer";
import { frozenWeights } from "./weights";

export interface LoadedFiles {
  config: ModelConfig;
  host: WeightSource;
  tokenizer: ChatTokenizer;
  /** Hash of the files that hold config and weights. */
  contentHash(): string;
  /** config.json and the tokenizer's files, by their Hugging Face names. */
  companions(): Record<string, string>;
}

const companionNames = ["config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja"];

export async function readModel(source: string): Promise<LoadedFiles> {
  const path = modelPath(source);
  if (statSync(path).isDirectory()) {
    const config = parseModelConfig(JSON.parse(readFileSync(join(path, "config.json"), "utf8")));
    return {
      config,
      host: openSafetensors(join(path, "model.safetensors")),
      tokenizer: readTokenizer(path),
      contentHash: () => fileHash(join(path, "config.json"), join(path, "model.safetensors")),
      companions: () =>
        Object.fromEntries(
          companionNames.flatMap((name) => {
            const file = join(path, name);
            return existsSync(file) ? [[name, readFileSync(file, "utf8")]] : [];
          }),
        ),
    };
  }
  const { config, weights, metadata } = await readGguf(path);
  const { tokenizer, files } = tokenizerFromGguf(metadata, path);
  const context = { max_position_embeddings: Number(metadata[`${metadata["general.architecture"]}.context_length`]) };
  const ids = { bos: tokenizer.bos ?? tokenizer.eos, eos: tokenizer.eos, pad: tokenizer.pad };
  return {
    config,
    host: weights,
    tokenizer,
    contentHash: () => fileHash(path),
    companions: () => ({
      "config.json": JSON.stringify({ ...toHuggingFaceConfig(config, ids), ...context }),
      ...files,
    }),
  };
}

/** A model with its base frozen. */
export async function loadModel({
  source,
  dtype,
}: RunConfig["model"]): Promise<{ model: Model; tokenizer: ChatTokenizer }> {
  const { config, host, tokenizer } = await readModel(source);
  return { model: { config, weights: frozenWeights(config, host, dtype), recompute: "attention" }, tokenizer };
}
