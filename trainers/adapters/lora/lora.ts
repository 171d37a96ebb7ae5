// LoRA (Hu et al. 2021, arXiv 2106.09685): y = x Wᵀ + (α/r) · x Aᵀ Bᵀ with A [r, in] random, B [out, r] zero, W frozen. Rank-stabilised
// (rsLoRA, Kalajdzievski 2023, arXiv 2312.03732) with α/√r.
import type { LoraOptions } from "../../../spec/adapters/lora";
import type { AdapterWeights, Tuner } from "../../engine/adapter";
import { droppedProduct } from "../../engine/dropout";
import { tf } from "../../engine/tensorflow";
import type { ModelConfig } from "../../models/config";
import { familyOf } from "../../models/families";
import type { AdapterKind } from "../kind";
import { adaptableLayers, expression, type TargetLayer, targetLayers } from "../targets";
import { type LoraConfig, parseLoraConfig } from "./config";
import { withMagnitudes } from "./dora";
import { modulesToSave, withModules } from "./modules-to-save";
import { A, B, relativeTo, startOf } from "./start";

export const lora: AdapterKind<LoraOptions> = {
  peftType: "LORA",
  fromOptions(options, model) {
    const { targets, rankPattern, alphaPattern, modulesToSave: saved } = options;
    const linear = new Set(adaptableLayers(model).map((name) => name.split(".").at(-1)!));
    const config = {
      ...{ r: options.rank, lora_alpha: options.alpha, use_rslora: options.rankStabilised, use_dora: options.dora },
      target_modules: targets === "all-linear" ? [...linear] : targets,
      ...{ rank_pattern: rankPattern, alpha_pattern: alphaPattern, lora_dropout: options.dropout },
      ...(saved.length > 0 && { modules_to_save: saved }),
    };
    const tuner = loraTuner(config, model, options);
    refuseUnused({ rankPattern, alphaPattern }, targetLayers(config, model));
    return tuner;
  },
  fromFile: (json, source, model) => loraTuner(parseLoraConfig(json, source, model), model),
};

function loraTuner(
  config: LoraConfig,
  model: ModelConfig,
  { start, pissaIterations }: Pick<LoraOptions, "start" | "pissaIterations"> = { start: "zero", pissaIterations: null },
): Tuner {
  const saved = modulesToSave(config.modules_to_save ?? [], model);
  const layers = targetLayers(config, model)
    .filter(({ module }) => !saved.includes(module)) // they are trained whole (peft 0.21, check_target_module_exists)
    .map((layer) => ({ ...layer, ...strength(config, layer.module) }));
  const shapes = layers.flatMap(({ module, shape: [output, input], rank }): [string, number[]][] => [
    [`${module}${A}`, [rank, input]],
    [`${module}${B}`, [output, rank]],
  ]);
  const scales = new Map(layers.map(({ module, scale }) => [module, scale]));
  /** B and A of a layer, whose update is scale · B A. */
  function updateOf(weights: AdapterWeights, module: string) {
    const scale = scales.get(module);
    if (scale === undefined) return null;
    return { a: weights.get(`${module}${A}`) as tf.Tensor2D, b: weights.get(`${module}${B}`) as tf.Tensor2D, scale };
  }
  const tuner: Tuner = {
    config: { peft_type: "LORA", ...config, ...asWritten, fan_in_fan_out: familyOf(model).inByOut ?? false },
    shapes: new Map(shapes),
    fresh(random, base) {
      if (start === "zero")
        return { tuner, weights: new Map(shapes.map(([name, shape]) => [name, initial(name, shape, random)])) };
      const pairs = layers.flatMap(({ module, shape, rank, scale }): [string, tf.Tensor][] => {
        if (rank > Math.min(...shape))
          throw new Error(
            `adapter.start "${start}" has at most ${Math.min(...shape)} directions in ${module} and its rank is ${rank}; take a lower adapter.rank, or give it a rank of its own by adapter.rankPattern`,
          );
        const [a, b] = tf.tidy(() =>
          startOf({ kind: start, iterations: pissaIterations }, base.layer(module).matrix(), { rank, scale }, random),
        );
        return [
          [`${module}${A}`, a],
          [`${module}${B}`, b],
        ];
      });
      const weights = new Map(pairs);
      return { tuner: relativeTo(weights, tuner), weights };
    },
    startsAtZeroGradient: (name) => name.endsWith(A), // while B is 0
    change(weights, module, dropout) {
      const update = updateOf(weights, module);
      if (!update) return null;
      const [a, b] = [update.a, update.b.mul<tf.Tensor2D>(update.scale)];
      if (!dropout) return { lowRank: { a, b } };
      return { apply: (x, frozen) => frozen.output(x).add(tf.matMul(droppedProduct(x, a, dropout), b, false, true)) };
    },
    merged(weights, name, base) {
      const update = name.endsWith(".weight") ? updateOf(weights, name.replace(/\.weight$/, "")) : null;
      return update && base.add(tf.matMul(update.b, update.a).mul(update.scale));
    },
  };
  const outputs = new Map(layers.map(({ module, shape }) => [module, shape[0]]));
  return withModules(config.use_dora ? withMagnitudes(tuner, outputs) : tuner, saved, model);
}

/** A uniform in ±1/√in (PEFT's kaiming_uniform with a = √5), B zero. */
function initial(name: string, shape: number[], random: () => number): tf.Tensor {
  const [rows, columns] = shape as [number, number];
  const values = new Float32Array(rows * columns);
  const bound = 1 / Math.sqrt(columns);
  return tf.tensor(name.endsWith(A) ? values.map(() => (2 * random() - 1) * bound) : values, shape);
}

/** Rank and α/r of a layer: the first pattern that its name ends with decides (peft 0.21, utils/other.py get_pattern_key). */
function strength(config: LoraConfig, module: string): { rank: number; scale: number } {
  const of = (field: "rank_pattern" | "alpha_pattern", usual: number) =>
    Object.entries(config[field] ?? {}).find(([key]) => fits(field, key, module))?.[1] ?? usual;
  const [rank, alpha] = [of("rank_pattern", config.r), of("alpha_pattern", config.lora_alpha)];
  return { rank, scale: alpha / (config.use_rslora ? Math.sqrt(rank) : rank) };
}

const fits = (field: string, key: string, module: string) => expression(field, `^(.*\\.)?(${key})$`, key)(module);

/** A pattern that fits no layer is most likely misspelt. */
function refuseUnused(patterns: Record<string, Record<string, number>>, layers: TargetLayer[]): void {
  for (const [field, pattern] of Object.entries(patterns))
    for (const key of Object.keys(pattern))
      if (!layers.some(({ module }) => fits(field, key, module)))
        throw new Error(
          `adapter.${field} ${JSON.stringify(key)} fits none of the ${layers.length} adapted layers, of which the first is ${layers[0]!.module}; leave it out or name one of them`,
        );
}

/** Rank and scale of each layer that a LoRA changes, by its name. */
export function ranksOf({ config, shapes }: Tuner): Map<string, { rank: number; scale: number }> {
  const modules = [...shapes.keys()].filter((name) => name.endsWith(A)).map((name) => name.slice(0, -A.length));
  return new Map(modules.map((module) => [module, strength(config as unknown as LoraConfig, module)]));
}

/** What else PEFT's file says of a LoRA as it is here. */
const asWritten = {
  bias: "none",
  init_lora_weights: true,
};
