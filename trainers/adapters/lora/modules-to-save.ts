// Modules of the base that are trained whole beside a LoRA (PEFT's modules_to_save): copies of their weights, which stand in for the base's.
import type { AdapterConfig } from "../../../spec/adapters/adapters";
import { outputHead } from "../../../spec/adapters/lora";
import { FieldError } from "../../../spec/field-error";
import type { Adapter, Tuner } from "../../engine/adapter";
import { tf } from "../../engine/tensorflow";
import type { ModelConfig } from "../../models/config";
import { familyOf, otherModules, weightShapes } from "../../models/families";
import { blockName, namesOf } from "../../models/names";
import { adaptableLayers } from "../targets";

const field = "adapter.modulesToSave";

/**
 * The modules that `names` mean: all whose name ends with one of them (peft 0.21, utils/other.py _set_trainable), so that "norm" is every norm.
 * Throws where a name means none, or one that cannot be trained here.
 */
export function modulesToSave(names: string[], model: ModelConfig): string[] {
  const linear = linearModules(model);
  const trainable = [...endModules(model), ...normModules(model), ...linear];
  const others = otherModules(model).filter((module) => ![...trainable, namesOf(model).head].includes(module));
  const found = names.flatMap((name) => {
    const asked = `modules_to_save ${JSON.stringify(name)}`;
    const other = others.find((module) => module.endsWith(name));
    if (other)
      throw new FieldError(
        field,
        `${asked} matches ${other}; what can be trained whole are embeddings, the output head, norms and the linear layers that a LoRA may be on`,
      );
    const cut = linear.find((module) => module.endsWith(name) && !`.${module}`.endsWith(`.${name}`));
    if (cut)
      throw new FieldError(
        field,
        `${asked} matches only part of the name of ${cut}, which PEFT adapts as well: name it whole`,
      );
    const modules = trainable.filter((module) => module.endsWith(name));
    if (modules.length === 0)
      throw new FieldError(
        field,
        `${asked} matches no module of this model; some that it has are ${trainable.slice(0, 6).join(", ")}`,
      );
    return modules;
  });
  return [...new Set(found)];
}

function endModules(model: ModelConfig): string[] {
  const { embedding, positions, embeddingNorm, norm } = namesOf(model);
  return [embedding, positions ?? [], embeddingNorm ?? [], norm, outputHead].flat();
}

const inBlocks = (model: ModelConfig, names: string[]): string[] =>
  Array.from({ length: model.layers }, (_, layer) => names.map((name) => `${blockName(model, layer)}${name}`)).flat();

const normModules = (model: ModelConfig) => inBlocks(model, Object.keys(familyOf(model).vectors(model)));
const linearModules = (model: ModelConfig) => inBlocks(model, adaptableLayers(model));

/** What scores answers has no use for the output head. */
export const withoutHead = (options: AdapterConfig): AdapterConfig =>
  options.type === "lora"
    ? { ...options, modulesToSave: options.modulesToSave.filter((name) => !outputHead.endsWith(name)) }
    : options;

/** A policy's adapter as the start of a model that scores, whose head is another: all of it but an output head. */
export function startOfScorer({ tuner, weights }: Adapter): Adapter {
  const own = tuner.withoutHead?.() ?? tuner;
  for (const [name, tensor] of weights) if (!own.shapes.has(name)) tensor.dispose();
  return { tuner: own, weights: new Map([...weights].filter(([name]) => own.shapes.has(name))) };
}

/** Names and shapes of the weights of `modules`, as files have them. */
function shapesOf(modules: string[], model: ModelConfig): [string, number[]][] {
  const { head } = namesOf(model);
  const shapes = { ...weightShapes(model), [`${head}.weight`]: [model.vocabSize, model.hiddenSize] }; // a tied head has a copy of its own
  const stored = modules.map((module) => (module === outputHead ? head : module));
  return stored.flatMap((module) =>
    [`${module}.weight`, `${module}.bias`].flatMap((name): [string, number[]][] =>
      shapes[name] ? [[name, shapes[name]]] : [],
    ),
  );
}

/** `plain`, which changes none of `modules`, with these trained beside it. */
export function withModules(plain: Tuner, modules: string[], model: ModelConfig): Tuner {
  if (modules.length === 0) return plain;
  const shapes = shapesOf(modules, model);
  const linear = new Set(linearModules(model).filter((module) => modules.includes(module)));
  const { inByOut = false } = familyOf(model);
  return {
    ...plain,
    shapes: new Map([...plain.shapes, ...shapes]),
    replaces: new Set(shapes.map(([name]) => name)),
    ...(modules.includes(outputHead) && { withoutHead: () => withoutOutputHead(plain, modules, model) }),
    fresh(random, base) {
      const { tuner, weights } = plain.fresh(random, base);
      const copies = shapes.map(([name]) => [name, base.weight(name)] as const);
      return { tuner: withModules(tuner, modules, model), weights: new Map([...weights, ...copies]) };
    },
    change(weights, module, dropout) {
      if (!linear.has(module)) return plain.change(weights, module, dropout);
      const matrix = weights.get(`${module}.weight`) as tf.Tensor2D;
      return {
        apply(x, { bias }) {
          const y: tf.Tensor2D = tf.matMul(x, matrix, false, !inByOut);
          return bias ? y.add(bias) : y; // its own: biases are looked up under the adapter
        },
      };
    },
  };
}

/** What these modules are without the output head; a name that means more than the head goes on meaning the rest. */
function withoutOutputHead(plain: Tuner, modules: string[], model: ModelConfig): Tuner {
  const { modules_to_save: names, ...config } = plain.config;
  const others = modules.filter((module) => module !== outputHead);
  const kept = (names as string[]).flatMap((name) =>
    outputHead.endsWith(name) ? others.filter((module) => module.endsWith(name)) : name,
  );
  return withModules(
    { ...plain, config: { ...config, ...(kept.length > 0 && { modules_to_save: kept }) } },
    others,
    model,
  );
}
