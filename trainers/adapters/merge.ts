// A model with an adapter worked into its weights, as a folder that Transformers, vLLM and llama.cpp's converter read.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type FolderType, folderTypes } from "../../spec/export-types";
import type { Adapter } from "../engine/adapter";
import { tf } from "../engine/tensorflow";
import { familyOf, weightShapes } from "../models/families";
import type { LoadedFiles } from "../models/formats/loaded-files";
import type { HostTensor } from "../models/formats/safetensors";
import { writeWeights } from "../models/formats/shards";
import { namesOf } from "../models/names";
import { pythonConfig } from "../models/python-config";

/** A model's weights with the adapter worked in; each is computed when it is asked for, and undefined where there is none. */
export function mergedWeights(
  { config, host }: LoadedFiles,
  { tuner, weights }: Adapter,
): (name: string) => HostTensor | undefined {
  const { embedding, head } = namesOf(config);
  const turned = (x: tf.Tensor) => (familyOf(config).inByOut ? tf.transpose(x) : x); // [out, in] to what files have, and back
  return (name) => {
    const whole = tuner.replaces?.has(name) ? weights.get(name) : undefined;
    if (whole) return { shape: whole.shape, data: whole.dataSync<"float32">() };
    const found = host.get(name) ?? (name === `${head}.weight` ? host.get(`${embedding}.weight`) : undefined); // one tied to the embeddings
    if (!found) return undefined;
    const { data, shape } = found;
    let merged = data;
    tf.tidy(() => {
      const made = tuner.merged(weights, name, turned(tf.tensor(data, shape)));
      if (made) merged = turned(made).dataSync<"float32">(); // tidy would look for tensors in every number that it returns
    });
    return { shape, data: merged };
  };
}

/** A model whose weights are read with the adapter worked in. Embeddings and head that were tied come apart where one of them is the adapter's own. */
export function mergedFiles(files: LoadedFiles, adapter: Adapter): LoadedFiles {
  const { config, companions } = files;
  const { embedding, head } = namesOf(config);
  const merged = { ...files, host: { get: mergedWeights(files, adapter) } };
  const apart = [embedding, head].some((name) => adapter.tuner.replaces?.has(`${name}.weight`));
  if (!config.tiedEmbeddings || !apart) return merged;
  return {
    ...merged,
    config: { ...config, tiedEmbeddings: false },
    companions() {
      const all = companions();
      return {
        ...all,
        "config.json": JSON.stringify({ ...JSON.parse(all["config.json"]!), tie_word_embeddings: false }),
      };
    },
  };
}

/**
 * Writes the weights, config.json and the tokenizer's files into `folder`. Memory holds one matrix at a time. `shardBytes`: the most that one
 * file of weights may hold.
 */
export function writeMerged(
  folder: string,
  files: LoadedFiles,
  adapter: Adapter,
  dtype: FolderType = "float32",
  shardBytes?: number,
): void {
  writeModel(folder, mergedFiles(files, adapter), dtype, shardBytes);
}

/** The same of a model that has no adapter. */
export function writeModel(folder: string, files: LoadedFiles, dtype: FolderType, shardBytes?: number): void {
  const shapes = weightShapes(files.config);
  const data = (name: string) => files.host.get(name)!.data;
  data(Object.keys(shapes)[0]!); // an adapter that cannot be merged says so before there is a folder
  mkdirSync(folder, { recursive: true });
  writeWeights(folder, shapes, data, folderTypes[dtype], shardBytes);
  writeCompanions(folder, files.companions(), dtype);
}

/** config.json says what the weights are now, whatever it said before. */
export function writeCompanions(folder: string, files: Record<string, string>, dtype: FolderType = "float32"): void {
  for (const [name, text] of Object.entries(files)) {
    const content = name === "config.json" ? pythonConfig({ ...JSON.parse(text), torch_dtype: dtype, dtype }) : text;
    writeFileSync(join(folder, name), content, { flush: true });
  }
}
