// For other programs: what "all-linear" is of a mixture.
import type { LoraOptions } from "../../spec/adapters/lora";
import type { RunConfig } from "../../spec/config";
import type { ModelConfig } from "../models/config";
import { adaptableLayers } from "./targets";

/** Of a mixture PEFT 0.21 takes "all-linear" for the router and the experts too. */
export function withNamedTargets<Config extends RunConfig>(config: Config, model: ModelConfig): Config {
  const { adapter } = config;
  if (!model.mixture || adapter?.type !== "lora" || adapter.targets !== "all-linear") return config;
  const targets = adaptableLayers(model).map((name) => name.split(".").at(-1)!) as LoraOptions["targets"];
  return { ...config, adapter: { ...adapter, targets } };
}
