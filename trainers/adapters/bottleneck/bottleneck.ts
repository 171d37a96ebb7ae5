// Bottleneck adapters: a(s) = s + U f(D s + b) + c, with D [m, d] random and U [d, m], b, c zero at the start. After Houlsby et al. (2019,
// arXiv 1902.00751) of attention's and the MLP's output each, before it is added to what either read; after Pfeiffer et al. (2020, arXiv
// 2005.00247) of the block's output, whose pre-norm blocks have no norm behind: the package `adapters` 1.3 computes the same.
import type { BottleneckOptions } from "../../../spec/adapters/bottleneck";
import type { AdapterWeights, Tuner } from "../../engine/adapter";
import { activated } from "../../engine/ops";
import { tf } from "../../engine/tensorflow";
import type { FamilyName, ModelConfig } from "../../models/config";
import { blockName } from "../../models/names";
import type { AdapterKind } from "../kind";
import { activationOf, type BottleneckConfig, bottleneckLayout, parseBottleneckConfig } from "./config";

export const bottleneck: AdapterKind<BottleneckOptions> = {
  peftType: null,
  fromOptions({ placement, reduction, nonLinearity }, model) {
    const houlsby = placement === "houlsby";
    const config: BottleneckConfig = {
      ...{ mh_adapter: houlsby, output_adapter: true, original_ln_before: !houlsby, reduction_factor: reduction },
      non_linearity: nonLinearity === "by-placement" ? (houlsby ? "swish" : "relu") : nonLinearity,
    };
    return bottleneckTuner(config, "workbench", model);
  },
  fromFile(json, source, model) {
    const { name, config } = parseBottleneckConfig(json, source, model);
    return bottleneckTuner(config, name, model);
  },
};

/** The layers with which attention and MLP end, of families whose blocks add what either makes to what it read, and do nothing else to it. */
const endsOf: Partial<Record<FamilyName, { attention: string; mlp: string }>> = {
  ...Object.fromEntries(
    ["llama", "qwen3", "smollm3", "phi3"].map((family) => [
      family,
      { attention: "self_attn.o_proj", mlp: "mlp.down_proj" },
    ]),
  ),
  gpt2: { attention: "attn.c_proj", mlp: "mlp.c_proj" },
};

interface Place {
  /** Of the bottleneck: `model.layers.0.output_adapters`. */
  name: string;
  /** The linear layer whose output it reads; null where it reads the block's. */
  linear: string | null;
}

function bottleneckTuner(config: BottleneckConfig, name: string, model: ModelConfig): Tuner {
  const { hiddenSize: d } = model;
  const m = Math.max(1, Math.floor(d / config.reduction_factor));
  const places = placesOf(config, model);
  const shapes = places.flatMap(({ name }): [string, number[]][] => [
    [`${name}${D}.weight`, [m, d]],
    [`${name}${D}.bias`, [m]],
    [`${name}${U}.weight`, [d, m]],
    [`${name}${U}.bias`, [d]],
  ]);
  const behind = new Map(places.flatMap(({ name, linear }) => (linear ? [[linear, name]] : [])));
  const atEnd = new Set(places.flatMap(({ name, linear }) => (linear ? [] : [name])));
  const activation = activationOf[config.non_linearity];

  /** a(s) of the bottleneck `name`. [N, d] → [N, d] */
  function adapted(weights: AdapterWeights, name: string, s: tf.Tensor2D): tf.Tensor2D {
    const of = (part: string) => weights.get(`${name}${part}`)!;
    const low = tf.matMul(s, of(`${D}.weight`) as tf.Tensor2D, false, true).add<tf.Tensor2D>(of(`${D}.bias`)); // [N, m]
    const up = tf.matMul(activated(low, activation), of(`${U}.weight`) as tf.Tensor2D, false, true);
    return s.add(up.add(of(`${U}.bias`)));
  }

  const tuner: Tuner = {
    config: { peft_type: "bottleneck", ...config }, // PEFT has no such kind
    layout: bottleneckLayout(config, name, model),
    shapes: new Map(shapes),
    fresh(random) {
      const made = shapes.map(([name, shape]) => [name, initial(name, shape, random)] as const);
      return { tuner, weights: new Map(made) };
    },
    startsAtZeroGradient: (name) => name.includes(D), // while U is 0
    change(weights, module) {
      const place = behind.get(module);
      return place === undefined ? null : { apply: (x, frozen) => adapted(weights, place, frozen.output(x)) };
    },
    ...(atEnd.size > 0 && {
      afterBlock: (weights, block, x) => adapted(weights, `${block}output_adapters`, x),
    }),
    merged() {
      throw new Error(
        "a bottleneck adapter is an MLP of its own and cannot be worked into the model's weights: use the adapter's folder with the package adapters, or train a LoRA",
      );
    },
  };
  return tuner;
}

const [D, U] = [".adapter_down.0", ".adapter_up"]; // as in `adapters`

function placesOf(config: BottleneckConfig, model: ModelConfig): Place[] {
  const ends = endsOf[model.family];
  if (!ends)
    throw new Error(
      `bottleneck adapters are for ${Object.keys(endsOf).join(", ")}, whose blocks add attention and MLP as they are, and this model is of ${model.family}; use LoRA`,
    );
  return Array.from({ length: model.layers }, (_, layer): Place[] => {
    const block = blockName(model, layer);
    const atEnd = config.original_ln_before;
    return [
      ...(config.mh_adapter ? [{ name: `${block}attention_adapters`, linear: `${block}${ends.attention}` }] : []),
      ...(config.output_adapter
        ? [{ name: `${block}output_adapters`, linear: atEnd ? null : `${block}${ends.mlp}` }]
        : []),
    ];
  }).flat();
}

/** D uniform in ±1/√d, the rest zero: `init_weights: "mam_adapter"` of `adapters`, where the model starts as its base. */
function initial(name: string, shape: number[], random: () => number): tf.Tensor {
  if (!name.endsWith(`${D}.weight`)) return tf.zeros(shape);
  const [rows, columns] = shape as [number, number];
  const bound = 1 / Math.sqrt(columns);
  return tf.tensor(
    Float32Array.from({ length: rows * columns }, () => (2 * random() - 1) * bound),
    shape,
  );
}
