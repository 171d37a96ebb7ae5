// From a model's name in a run file to its weights and tokenizer.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileHash } from "../../common/file-hash";
import { modelPath } from "../../common/model-paths";
import type { RunConfig } from "../../spec/config";
import { type AskedQuantisation, type HeldBase, heldInFull } from "../../spec/fields/model";
import { parseModelConfig } from "./families";
import { readJson } from "./fields";
import { separateExperts } from "./formats/expert-tensors";
import { readGguf } from "./formats/gguf";
import { tokenizerFromGguf } from "./formats/gguf-tokenizer";
import type { LoadedFiles } from "./formats/loaded-files";
import { checkTensors, openWeightFiles, tieAsTransformers, withModelName } from "./formats/weight-files";
import { generationNotes } from "./generation-config";
import type { Model } from "./model";
import { withoutPacking } from "./packing";
import { madeFor } from "./position-limit";
import { type ChatTokenizer, readTokenizer } from "./tokenizer";
import { endNotes } from "./turn-end";
import { frozenWeights } from "./weights";

/** What goes along where a model is written: with the tokenizer's files in their older forms, and how its answers end. */
const companionNames = [
  ...["config.json", "generation_config.json", "chat_template.jinja", "chat_template.json"],
  ...["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json"],
  ...["merges.txt", "LICENSE", "LICENSE.txt", "LICENSE.md", "NOTICE"],
];

export async function readModel(source: string): Promise<LoadedFiles> {
  const path = modelPath(source);
  return statSync(path).isDirectory() ? readFolder(path) : await readGgufFile(path);
}

function readFolder(folder: string): LoadedFiles {
  const configPath = join(folder, "config.json");
  const json = readJson(configPath);
  const files = openWeightFiles(folder);
  const described = parseModelConfig(json, configPath);
  const [config, tied] = tieAsTransformers(described, withModelName(described, files.weights));
  const host = separateExperts(config, tied);
  checkTensors(config, host, folder);
  const tokenizer = readTokenizer(folder);
  return {
    config,
    host,
    tokenizer,
    notes: [...generationNotes(folder), ...endNotes(tokenizer)],
    contentHash: () => fileHash(configPath, ...files.paths),
    companions: () => ({
      ...Object.fromEntries(
        companionNames.flatMap((name) => {
          const file = join(folder, name);
          return existsSync(file) ? [[name, readFileSync(file, "utf8")]] : [];
        }),
      ),
      "config.json": JSON.stringify({
        ...withoutPacking(json),
        time_step_limit: undefined, // Mamba-2's, which is Transformers' default: from 0.0 to infinity, which JSON has not
        tie_word_embeddings: config.tiedEmbeddings,
      }),
    }),
  };
}

async function readGgufFile(path: string): Promise<LoadedFiles> {
  const { config, json, weights, metadata } = await readGguf(path);
  const { tokenizer, files } = tokenizerFromGguf(metadata, path);
  const { bos, eos, pad, ends } = tokenizer;
  const ids = { bos_token_id: bos ?? eos, eos_token_id: eos, pad_token_id: pad };
  return {
    config,
    host: weights,
    tokenizer,
    notes: endNotes(tokenizer),
    contentHash: () => fileHash(path),
    companions: () => ({
      "config.json": JSON.stringify({ ...json, ...ids }),
      "generation_config.json": JSON.stringify({ ...ids, eos_token_id: [...ends] }),
      ...files,
    }),
  };
}

/** A model with its base frozen. */
export async function loadModel({
  source,
  dtype,
  ...held
}: Pick<RunConfig["model"], "source" | "dtype"> & Partial<HeldBase<AskedQuantisation>>): Promise<{
  model: Model;
  tokenizer: ChatTokenizer;
  /** Tokens of the sequences that it was made for; infinite where it does not say. */
  context: number;
}> {
  const files = await readModel(source);
  const { config, host, tokenizer } = files;
  return {
    model: { config, weights: frozenWeights(config, host, dtype, { ...heldInFull, ...held }), recompute: "attention" },
    tokenizer,
    context: madeFor(files),
  };
}
