// (IA)³ (Liu et al. 2022, arXiv 2205.05638): y = l ⊙ (W x + b), and in the MLP's last layer y = W (l ⊙ x) + b, with l = 1 at the start.
import { z } from "zod";
import type { Ia3Options } from "../../../spec/adapters/ia3";
import type { Tuner } from "../../engine/adapter";
import { tf } from "../../engine/tensorflow";
import type { ModelConfig } from "../../models/config";
import { familyOf } from "../../models/families";
import type { AdapterKind } from "../kind";
import { parsePeftConfig, targetFields } from "../peft-config";
import { adaptableLayers, expression, targetLayers } from "../targets";

const schema = z.object({
  target_modules: targetFields.target_modules.transform((targets) => targets ?? ["k_proj", "v_proj", "down_proj"]), // PEFT's for Llama and Mistral
  exclude_modules: targetFields.exclude_modules,
  feedforward_modules: z
    .union([z.string(), z.array(z.string())])
    .nullish()
    .transform((names) => names ?? ["down_proj"]),
});
type Ia3Config = z.infer<typeof schema>;
const fields = { harmless: ["init_ia3_weights"], only: {} };

const [keysAndValues, mlpEnd] = [
  /\.(k_proj|v_proj|qkv_proj|query_key_value|c_attn)$/, // where they are one layer with the queries, these too, as in PEFT
  /\.(down_proj|dense_4h_to_h)$|^mlp\.c_proj$/,
];

export const ia3: AdapterKind<Ia3Options> = {
  peftType: "IA3",
  fromOptions({ targets }, model) {
    const layers = adaptableLayers(model); // as `mlp.down_proj`
    const isMeant = (layer: string) =>
      targets === "by-family"
        ? keysAndValues.test(layer) || mlpEnd.test(layer)
        : targets.some((name) => layer.endsWith(`.${name}`));
    const named = layers.filter(isMeant);
    if (named.length === 0)
      throw new Error(
        `adapter.targets ${JSON.stringify(targets)} names no layer of this model, whose layers are ${layers.join(", ")}`,
      );
    const feedForward = named.filter((layer) => mlpEnd.test(layer));
    return ia3Tuner({ target_modules: named, feedforward_modules: feedForward }, model);
  },
  fromFile: (json, source, model) => ia3Tuner(parsePeftConfig(schema, fields, json, source), model),
};

/** PEFT's own rule (peft 0.21, tuners/ia3/model.py _check_target_module_feedforward). */
function feedForwardOf(names: string | string[]): (module: string) => boolean {
  if (typeof names === "string") return expression("feedforward_modules", `^(?:${names})$`, names);
  return (module) => names.some((name) => module.endsWith(name));
}

function ia3Tuner(config: Ia3Config, model: ModelConfig): Tuner {
  const isFeedForward = feedForwardOf(config.feedforward_modules);
  const nameOf = (module: string) => `${module}.ia3_l`;
  const shapes = targetLayers(config, model).map(({ module, shape: [output, input] }): [string, number[]] => [
    nameOf(module),
    isFeedForward(module) ? [1, input] : [output, 1],
  ]);
  const tuner: Tuner = {
    config: {
      peft_type: "IA3",
      ...config,
      ...{ fan_in_fan_out: familyOf(model).inByOut ?? false, init_ia3_weights: true },
    },
    shapes: new Map(shapes),
    fresh: () => ({ tuner, weights: new Map(shapes.map(([name, shape]) => [name, tf.ones(shape)])) }),
    startsAtZeroGradient: () => false,
    change(weights, module) {
      const factors = weights.get(nameOf(module))?.flatten(); // [in] or [out]
      if (!factors) return null;
      if (isFeedForward(module)) return { apply: (x, frozen) => frozen.output(x.mul(factors)) };
      return { apply: (x, frozen) => frozen.output(x).mul(factors) };
    },
    merged(weights, name, base) {
      const [module, part] = [name.replace(/\.(weight|bias)$/, ""), name.split(".").at(-1)];
      const factors = weights.get(nameOf(module));
      if (!factors) return null;
      if (part === "weight") return base.mul(factors);
      return isFeedForward(module) ? null : base.mul(factors.flatten());
    },
  };
  return tuner;
}
