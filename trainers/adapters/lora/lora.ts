// LoRA (Hu et al. 2021, arXiv 2106.09685): y = x Wᵀ + (α/r) · x Aᵀ Bᵀ with A [r, in] random, B [out, r] zero, W frozen. Rank-stabilised
// (rsLoRA, Kalajdzievski 2023, arXiv 2312.03732) with α/√r.
import { isOfExperts } from "../../../spec/adapters/common";
import type { LoraOptions } from "../../../spec/adapters/lora";
import { FieldError } from "../../../spec/field-error";
import type { AdapterWeights, Tuner } from "../../engine/adapter";
import { droppedProduct } from "../../engine/dropout";
import { tf } from "../../engine/tensorflow";
import type { ModelConfig } from "../../models/config";
import { familyOf } from "../../models/families";
import type { AdapterKind } from "../kind";
import { adaptableLayers } from "../targets";
import { type LoraConfig, parseLoraConfig } from "./config";
import { withMagnitudes } from "./dora";
import { expertUpdate, oneBelowTheOther } from "./experts";
import { adaptedLayers, refuseUnused, strength } from "./layers";
import { modulesToSave, withModules } from "./modules-to-save";
import { singleExperts } from "./single-experts";
import { A, B, relativeTo, startOf } from "./start";

export const lora: AdapterKind<LoraOptions> = {
  peftType: "LORA",
  fromOptions(options, model) {
    const { targets, rankPattern, alphaPattern, modulesToSave: saved } = options;
    const linear = new Set(adaptableLayers(model).map((name) => name.split(".").at(-1)!));
    const named = targets === "all-linear" ? [...linear] : targets;
    const ofExperts = named.filter(isOfExperts);
    if (ofExperts.length > 0) refuseOnExperts(options, model);
    const config = {
      ...{ r: options.rank, lora_alpha: options.alpha, use_rslora: options.rankStabilised, use_dora: options.dora },
      target_modules: named.filter((name) => !isOfExperts(name)),
      ...(ofExperts.length > 0 && { target_parameters: ofExperts }),
      ...{ rank_pattern: rankPattern, alpha_pattern: alphaPattern, lora_dropout: options.dropout },
      ...(saved.length > 0 && { modules_to_save: saved }),
    };
    const tuner = loraTuner(config, model, options);
    refuseUnused({ rankPattern, alphaPattern }, adaptedLayers(config, model));
    return tuner;
  },
  fromFile(json, source, model) {
    const config = parseLoraConfig(json, source, model);
    const singles = singleExperts(config, model);
    return singles ? { ...loraTuner(singles.config, model), ownTensors: singles.stacked } : loraTuner(config, model);
  },
};

function loraTuner(
  config: LoraConfig,
  model: ModelConfig,
  { start, pissaIterations }: Pick<LoraOptions, "start" | "pissaIterations"> = { start: "zero", pissaIterations: null },
): Tuner {
  const saved = modulesToSave(config.modules_to_save ?? [], model);
  const layers = adaptedLayers(config, model)
    .filter(({ module }) => !saved.includes(module)) // they are trained whole (peft 0.21, check_target_module_exists)
    .map((layer) => ({ ...layer, ...strength(config, layer.name) }));
  const shapes = layers.flatMap(({ module, shape: [output, input], experts, rank }): [string, number[]][] => [
    [`${module}${A}`, [(experts ?? 1) * rank, input]],
    [`${module}${B}`, [output, (experts ?? 1) * rank]],
  ]);
  const [byName, byWeight] = [
    new Map(layers.map((layer) => [layer.name, layer])),
    new Map(layers.flatMap((layer) => layer.weights.map((weight) => [weight, layer] as const))),
  ];
  /** B and A of a layer, whose update is scale · B A; of experts those of each, one below the other. */
  function updateOf(weights: AdapterWeights, { module, experts, scale }: (typeof layers)[number]) {
    const [a, b] = [A, B].map((side) => weights.get(`${module}${side}`) as tf.Tensor2D) as [tf.Tensor2D, tf.Tensor2D];
    return { a, b: experts === null ? b : oneBelowTheOther(b, experts), scale };
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
      const layer = byName.get(module);
      if (!layer) return null;
      const update = updateOf(weights, layer);
      const [a, b] = [update.a, update.b.mul<tf.Tensor2D>(update.scale)];
      if (!dropout) return { lowRank: { a, b } };
      return { apply: (x, frozen) => frozen.output(x).add(tf.matMul(droppedProduct(x, a, dropout), b, false, true)) };
    },
    merged(weights, name, base) {
      const layer = byWeight.get(name);
      if (!layer) return null;
      const update = updateOf(weights, layer);
      const moved =
        layer.experts === null
          ? tf.matMul(update.b, update.a)
          : expertUpdate({ ...layer, experts: layer.experts }, update, name);
      return base.add(moved.mul(update.scale).reshape(base.shape));
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

/** Neither PEFT nor this project has them on experts, whose matrices are one tensor. */
function refuseOnExperts({ dora, start, dropout }: LoraOptions, { family, mixture }: ModelConfig): void {
  if (!mixture)
    throw new FieldError(
      "adapter.targets",
      `adapter.targets names experts, and this model (${family}) has none; leave experts.gate_up_proj and experts.down_proj out`,
    );
  const onExperts = "LoRA on experts; set it back, or take the experts out of adapter.targets";
  if (dora) throw new FieldError("adapter.dora", `adapter.dora goes with no ${onExperts}`);
  if (start !== "zero") throw new FieldError("adapter.start", `adapter.start "${start}" goes with no ${onExperts}`);
  if (dropout > 0) throw new FieldError("adapter.dropout", `adapter.dropout ${dropout} goes with no ${onExperts}`);
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
