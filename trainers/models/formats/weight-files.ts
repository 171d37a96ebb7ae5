// The weights of a model's folder: model.safetensors, or the parts that its index names. Every tensor is used or named.
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import type { ModelConfig } from "../config";
import { weightShapes } from "../families";
import { parsedFields, readJson } from "../fields";
import { headName } from "../head-name";
import { namesOf } from "../names";
import { unpacked } from "./packed-layers";
import { type OpenedWeights, openSafetensors } from "./safetensors";

export interface WeightFiles {
  weights: OpenedWeights;
  paths: string[];
}

const [single, indexFile] = ["model.safetensors", "model.safetensors.index.json"];

/** Layers that are packed in four or eight bits are unpacked. */
export function openWeightFiles(folder: string): WeightFiles {
  const { weights, paths } = openFiles(folder);
  return { weights: unpacked(folder, weights), paths };
}

/** As Transformers looks: the one file first, then the index. */
function openFiles(folder: string): WeightFiles {
  if (existsSync(join(folder, single))) {
    const path = join(folder, single);
    return { weights: openSafetensors(path), paths: [path] };
  }
  if (existsSync(join(folder, indexFile))) return openShards(folder);
  const pickles = readdirSync(folder).filter((name) => /^pytorch_model.*\.bin$/.test(name));
  if (pickles.length > 0)
    throw new Error(
      `${folder} holds its weights as ${pickles[0]}, which is a pickle and could run code; convert it in Python with AutoModelForCausalLM.from_pretrained(folder).save_pretrained(folder), which writes ${single}`,
    );
  throw new Error(`${folder} has neither ${single} nor ${indexFile}`);
}

/** Of the files that hold a folder's weights. */
export const weightBytes = (folder: string): number =>
  openWeightFiles(folder).paths.reduce((sum, path) => sum + statSync(path).size, 0);

/** What safetensors calls the types of a folder's weights. */
export function weightTypes(folder: string): string[] {
  const files = openWeightFiles(folder).paths.filter((path) => path.endsWith(".safetensors"));
  return [...new Set(files.flatMap((path) => [...openSafetensors(path).types]))].sort();
}

const shardIndex = z.object({ weight_map: z.record(z.string(), z.string().min(1)) });

function openShards(folder: string): WeightFiles {
  const source = join(folder, indexFile);
  const { weight_map: map } = parsedFields(shardIndex, readJson(source), source);
  const names = [...new Set(Object.values(map))].sort();
  const shards = new Map(names.map((name) => [name, openShard(folder, name, source)]));
  for (const [tensor, shard] of Object.entries(map))
    if (!shards.get(shard)!.shapes.has(tensor)) throw new Error(`${source}: ${shard} lacks ${tensor}`);
  for (const [shard, { shapes }] of shards)
    for (const tensor of shapes.keys())
      if (map[tensor] !== shard) throw new Error(`${source} does not name ${tensor}, which ${shard} holds`);
  const of = (tensor: string) => (Object.hasOwn(map, tensor) ? shards.get(map[tensor]!) : undefined);
  return {
    weights: {
      shapes: new Map([...shards.values()].flatMap(({ shapes }) => [...shapes])),
      get: (tensor) => of(tensor)?.get(tensor),
      words: (tensor) => of(tensor)?.words?.(tensor),
    },
    paths: [source, ...names.map((name) => join(folder, name))],
  };
}

function openShard(folder: string, name: string, source: string): OpenedWeights {
  if (basename(name) !== name)
    throw new Error(`${source} names ${JSON.stringify(name)}, which is no file of its folder`);
  if (!existsSync(join(folder, name))) throw new Error(`${source} names ${name}, which is not there`);
  return openSafetensors(join(folder, name));
}

/** A file may hold the model without its head, whose names then lack the model's own (`h.0.ln_1.weight`): Transformers reads it too. */
export function withModelName(config: ModelConfig, weights: OpenedWeights): OpenedWeights {
  const { model, head } = namesOf(config);
  const isOf = (name: string) => name !== `${head}.weight` && name !== headName;
  if ([...weights.shapes.keys()].some((name) => name.startsWith(`${model}.`))) return weights;
  const stored = new Map([...weights.shapes.keys()].map((name) => [isOf(name) ? `${model}.${name}` : name, name]));
  return {
    shapes: new Map([...stored].map(([name, inFile]) => [name, weights.shapes.get(inFile)!])),
    get: (name) => weights.get(stored.get(name) ?? name),
  };
}

/**
 * Transformers 5's rule for a model that is to use its embedding as its head and whose file has both: tied if they are equal, else not; and
 * if only the head is there, that is the embedding.
 */
export function tieAsTransformers(config: ModelConfig, weights: OpenedWeights): [ModelConfig, OpenedWeights] {
  const names = namesOf(config);
  const [embedding, head] = [`${names.embedding}.weight`, `${names.head}.weight`];
  if (!config.tiedEmbeddings || !weights.shapes.has(head)) return [config, weights];
  if (!weights.shapes.has(embedding)) {
    const renamed = (name: string) => (name === embedding ? head : name);
    const shapes = new Map([...weights.shapes].map(([name, shape]) => [name === head ? embedding : name, shape]));
    return [config, { shapes, get: (name) => weights.get(renamed(name)) }];
  }
  const [a, b] = [weights.get(embedding)!.data, weights.get(head)!.data];
  const same = a.length === b.length && a.every((value, i) => value === b[i]);
  if (!same) return [{ ...config, tiedEmbeddings: false }, weights];
  const shapes = new Map([...weights.shapes].filter(([name]) => name !== head));
  return [config, { ...weights, shapes }];
}

/**
 * Tensors that a file may hold beside the model's own: RoPE's tables, which follow from the config, causal masks of GPT-NeoX and GPT-2, and
 * a reward model's head.
 */
const isKnown = (name: string) =>
  name.endsWith("rotary_emb.inv_freq") ||
  /^(gpt_neox\.layers\.\d+\.attention|transformer\.h\.\d+\.attn)\.(masked_)?bias$/.test(name) ||
  name === headName;

/** Throws unless the tensors of `source` are those of the model, in their shapes. */
export function checkTensors(config: ModelConfig, { shapes }: OpenedWeights, source: string): void {
  const wanted = weightShapes(config);
  const names = Object.keys(wanted);
  const tensors = (list: string[]) => `${list.length} tensor${list.length === 1 ? "" : "s"}`;
  const missing = names.filter((name) => !shapes.has(name));
  if (missing.length > 0)
    throw new Error(`${source} lacks ${tensors(missing)} that its config asks for, the first ${missing[0]}`);
  const strays = [...shapes.keys()].filter((name) => !Object.hasOwn(wanted, name) && !isKnown(name));
  if (strays.length > 0)
    throw new Error(`${source} holds ${tensors(strays)} that its config has no place for, the first ${strays[0]}`);
  for (const name of names)
    if (shapes.get(name)!.join() !== wanted[name]!.join())
      throw new Error(
        `${source}: weight ${name} should be [${wanted[name]}] by its config and is [${shapes.get(name)}]`,
      );
}
