// LoRA on single experts, as PEFT has it over Transformers 4, where each matrix of an expert is a linear layer. It is read as LoRA on the tensors that
// hold all experts (experts.ts): gate and up, which share an A there, get one whose first rows are gate's and whose last are up's, and a B that
// is zero where one would meet the other's. So the update is the same, at the sum of their ranks (peft 0.21, transformers_weight_conversion.py).
import type { ModelConfig } from "../../models/config";
import { familyOf } from "../../models/families";
import type { HostTensor } from "../../models/formats/safetensors";
import { blockName } from "../../models/names";
import { namedModules } from "../targets";
import type { LoraConfig } from "./config";
import { type ExpertLayer, expertLayers } from "./experts";
import { strength } from "./layers";
import { A, B } from "./start";

/** A matrix of an expert with an update of its own. */
interface Single {
  module: string;
  expert: number;
  /** Its place among the matrices of the tensor that holds it: gate and up, or down alone. */
  part: number;
  rank: number;
  scale: number;
}

/** What stands for them in one tensor of a block. */
interface Stack {
  layer: ExpertLayer;
  singles: Single[];
  /** Of each part the largest of its ranks; they add up to the layer's. */
  ranks: number[];
}

type Tensors = Map<string, HostTensor>;

export interface SingleExperts {
  /** The same adapter on the tensors that hold all experts. */
  config: LoraConfig;
  /** Of a file with a pair for each expert's matrix the same with one for each tensor. Throws at one that is missing or does not fit. */
  stacked(file: Tensors, nameInFile: (name: string) => string): Tensors;
}

/** Null where the config names no single expert. */
export function singleExperts(config: LoraConfig, model: ModelConfig): SingleExperts | null {
  const fused = familyOf(model).experts?.(model).fused;
  if (!fused || config.target_parameters?.length) return null;
  const isNamed = namedModules(config, model);
  const stacks = expertLayers([fused.gateUp, fused.down], model)
    .map((layer) => stackOf(layer, config, isNamed))
    .filter(({ singles }) => singles.length > 0);
  if (stacks.length === 0) return null;
  if (config.use_dora)
    throw new Error(
      `use_dora true is not supported on single experts, here ${stacks[0]!.singles[0]!.module}: their lengths are learned one by one, which no LoRA on all of a block's says; merge the adapter into its base with PEFT (merge_and_unload) and use the merged model`,
    );
  const packed = packedConfig(stacks, config, model);
  const modules = new Map(expertLayers(packed.target_parameters!, model).map(({ name, module }) => [name, module]));
  return {
    config: packed,
    stacked(file, nameInFile) {
      const left = new Map(file);
      for (const stack of stacks) {
        const { scale } = strength(packed, stack.layer.name);
        const { a, b } = stackedPair(stack, scale, (name, shape) => taken(left, nameInFile(name), shape));
        const module = modules.get(stack.layer.name)!;
        left.set(nameInFile(`${module}${A}`), a).set(nameInFile(`${module}${B}`), b);
      }
      return left;
    },
  };
}

/** In files of families with a matrix an expert, as Transformers 4 had its modules; others have had no such modules. */
function stackOf(layer: ExpertLayer, config: LoraConfig, isNamed: (module: string) => boolean): Stack {
  const { experts, weights } = layer;
  const parts = weights.length / experts;
  const modules = parts < 1 ? [] : modulesOf(layer);
  const singles = modules.flatMap((module, i): Single[] => {
    const place = { expert: Math.floor(i / parts), part: i % parts };
    return isNamed(module) ? [{ module, ...place, ...strength(config, module) }] : [];
  });
  const ranks = Array.from({ length: Math.max(parts, 1) }, (_, part) =>
    Math.max(0, ...singles.flatMap((single) => (single.part === part ? single.rank : []))),
  );
  return { layer, singles, ranks };
}

const modulesOf = ({ weights }: ExpertLayer) => weights.map((name) => name.replace(/\.weight$/, ""));

const total = (ranks: number[]) => ranks.reduce((sum, rank) => sum + rank, 0);

/** The config of a LoRA on those tensors, each by the scale of its first expert. */
function packedConfig(stacks: Stack[], config: LoraConfig, model: ModelConfig): LoraConfig {
  const tensors = stacks.map((stack) => {
    const rank = total(stack.ranks);
    return {
      name: stack.layer.name,
      rank,
      alpha: stack.singles[0]!.scale * (config.use_rslora ? Math.sqrt(rank) : rank),
    };
  });
  const named = shortened(tensors, model);
  return {
    ...config,
    target_modules: linearTargets(config, model, stacks),
    target_parameters: named.map(({ name }) => name),
    rank_pattern: { ...Object.fromEntries(named.map(({ name, rank }) => [name, rank])), ...config.rank_pattern },
    alpha_pattern: { ...Object.fromEntries(named.map(({ name, alpha }) => [name, alpha])), ...config.alpha_pattern },
    lora_dropout: 0, // PEFT has none on such tensors
  };
}

/** Tensors that are alike in every block are named once, by what the blocks call them. */
function shortened<T extends { name: string; rank: number; alpha: number }>(tensors: T[], model: ModelConfig): T[] {
  const { gateUp, down } = familyOf(model).experts!(model).fused;
  return [gateUp, down].flatMap((name) => {
    const group = tensors.filter((tensor) => tensor.name.endsWith(`.${name}`));
    const [first] = group;
    const alike = group.every(({ rank, alpha }) => rank === first!.rank && alpha === first!.alpha);
    return first && alike && group.length === model.layers ? [{ ...first, name }] : group;
  });
}

/** The targets that are not experts: names that match none, or of an expression the linear layers that it matches, in full. */
function linearTargets(config: LoraConfig, model: ModelConfig, stacks: Stack[]): string[] {
  const { target_modules: targets } = config;
  const experts = stacks.flatMap(({ layer }) => modulesOf(layer));
  if (Array.isArray(targets))
    return targets.filter((name) => !experts.some((module) => `.${module}`.endsWith(`.${name}`)));
  const isNamed = namedModules(config, model);
  const { linearShapes } = familyOf(model);
  return Array.from({ length: model.layers }, (_, layer) =>
    Object.keys(linearShapes(model)).map((name) => `${blockName(model, layer)}${name}`),
  )
    .flat()
    .filter(isNamed);
}

function taken(file: Tensors, name: string, shape: [number, number]): Float32Array {
  const found = file.get(name);
  if (found?.shape.join() !== shape.join())
    throw new Error(`${name} should be [${shape}] for this model and is ${found ? `[${found.shape}]` : "missing"}`);
  file.delete(name);
  return found.data;
}

/** A [E · r, in], expert after expert, and B [out, r · E], whose columns go through the experts once for each of the r. */
function stackedPair(
  { layer, singles, ranks }: Stack,
  scale: number,
  take: (name: string, shape: [number, number]) => Float32Array,
): { a: HostTensor; b: HostTensor } {
  const { experts, shape } = layer;
  const [out, input] = shape;
  const [rank, rows] = [total(ranks), out / ranks.length];
  const a = new Float32Array(experts * rank * input);
  const b = new Float32Array(out * rank * experts);
  for (const single of singles) {
    const { module, expert, part } = single;
    const first = total(ranks.slice(0, part));
    a.set(take(`${module}${A}`, [single.rank, input]), (expert * rank + first) * input);
    const own = take(`${module}${B}`, [rows, single.rank]);
    for (let row = 0; row < rows; row++)
      for (let j = 0; j < single.rank; j++)
        b[((part * rows + row) * rank + first + j) * experts + expert] =
          own[row * single.rank + j]! * (single.scale / scale);
  }
  return { a: { shape: [experts * rank, input], data: a }, b: { shape: [out, rank * experts], data: b } };
}
