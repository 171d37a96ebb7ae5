// Every kind of adapter that can be trained or read, and what is made from a run's options.
import { createRandom } from "../../common/random";
import type { AdapterConfig } from "../../spec/adapters/adapters";
import type { Adapter, Tuner } from "../engine/adapter";
import { baseLayer, baseWeight } from "../models/base-layer";
import type { ModelConfig } from "../models/config";
import type { Weights } from "../models/model";
import { bottleneck } from "./bottleneck/bottleneck";
import { ia3 } from "./ia3/ia3";
import type { AdapterKind } from "./kind";
import { lora } from "./lora/lora";
import { prefix } from "./prefix/prefix";
import { prompt } from "./prompt/prompt";

type KindOf<Type extends AdapterConfig["type"]> = AdapterKind<Extract<AdapterConfig, { type: Type }>>;

export const adapterKinds: { [Type in AdapterConfig["type"]]: KindOf<Type> } = {
  lora,
  ia3,
  prompt,
  prefix,
  bottleneck,
};

export function tunerOf(options: AdapterConfig, model: ModelConfig): Tuner {
  const kind: AdapterKind<AdapterConfig> = adapterKinds[options.type];
  return kind.fromOptions(options, model);
}

/** A fresh adapter: the model computes what its base does. Only a start that is taken from the base needs `base`. */
export function createAdapter(model: ModelConfig, options: AdapterConfig, seed: number, base?: Weights): Adapter {
  const from = (name: string): Weights => {
    if (!base) throw new Error(`this adapter starts from the base's ${name}, and there is no base here`);
    return base;
  };
  return tunerOf(options, model).fresh(createRandom(seed, options.type), {
    layer: (module) => baseLayer(model, from(module), module),
    weight: (name) => baseWeight(model, from(name), name),
  });
}
