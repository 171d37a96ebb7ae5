// What of a run's adapter decides how much memory it needs and how it is computed: of the one that it starts from where `init` names one, whose
// options are its own.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AdapterConfig } from "../../spec/adapters/adapters";
import { dropoutOf } from "../../spec/adapters/adapters";
import { readTuner } from "../adapters/files";
import { tunerOf } from "../adapters/kinds";
import type { Tuner } from "../engine/adapter";
import type { ModelConfig } from "../models/config";
import { namesOf } from "../models/names";

export interface AdapterFacts {
  parameters: number;
  /** Of them those of updates of a mixture's experts. */
  ofExperts: number;
  /** Whether it has an output head of its own. */
  trainsHead: boolean;
  /** Whether the ops of native/ compute its blocks, on a model that they are for. */
  byOwnOps: boolean;
}

/** `scores`: whether a model that scores is trained, which leaves out the output head of what it starts from. */
export function adapterFacts(options: AdapterConfig, model: ModelConfig, scores = false): AdapterFacts {
  const start = startOf(options, model);
  const { config, shapes, replaces } = (scores && start.withoutHead?.()) || start;
  const { head, blocks } = namesOf(model);
  const count = (named: [string, number[]][]) =>
    named.reduce((sum, [, shape]) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return {
    parameters: count([...shapes]),
    ofExperts: count([...shapes].filter(([name]) => /\.experts\.(base_layer\.)?lora_/.test(name))),
    trainsHead: replaces?.has(`${head}.weight`) ?? false,
    byOwnOps:
      config.peft_type === "LORA" &&
      !config.use_dora &&
      dropoutOf(options) === 0 &&
      ![...(replaces ?? [])].some((name) => name.startsWith(blocks)),
  };
}

/** Of an adapter that an earlier run has yet to train, the options say what there is to know. */
function startOf(options: AdapterConfig, model: ModelConfig): Tuner {
  const isThere = options.init !== undefined && existsSync(join(options.init, "adapter_config.json"));
  return isThere ? readTuner(options.init!, model) : tunerOf(options, model);
}
