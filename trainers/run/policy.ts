// The model of a run with what is trained as variables: an adapter over a frozen base, or every weight.
import { policyPath } from "../../common/model-paths";
import { isWholeModel } from "../../common/whole-model";
import { dropoutOf } from "../../spec/adapters/adapters";
import type { RunConfig } from "../../spec/config";
import { methodOf } from "../../spec/methods/all";
import type { Plan } from "../../spec/reports";
import { readAdapter } from "../adapters/files";
import { createAdapter } from "../adapters/kinds";
import { startOfScorer } from "../adapters/lora/modules-to-save";
import { openActivationFile } from "../engine/activation-file";
import { type Adapter, cloneAdapter, type Tuner } from "../engine/adapter";
import type { Variables } from "../engine/gradients";
import { tf } from "../engine/tensorflow";
import { type FrozenPolicy, readPolicy } from "../inference/frozen-policy";
import type { Context } from "../methods/method";
import type { ModelConfig } from "../models/config";
import type { LoadedFiles } from "../models/formats/loaded-files";
import type { WeightSource } from "../models/formats/safetensors";
import type { Model } from "../models/model";
import { randomWeights } from "../models/random-weights";
import { frozenWeights, trainableWeights } from "../models/weights";

export interface Policy {
  context: Context;
  variables: Variables;
}

export function createPolicy(
  { config: modelConfig, host }: LoadedFiles,
  config: RunConfig,
  { recompute, microBatchTokens }: Plan,
): Policy {
  if (config.adapter === null) {
    const scratch = config.method === "sft" && config.sft.fromScratch;
    const start = scratch ? randomWeights(modelConfig, config.seed) : host;
    const { weights, variables } = trainableWeights(modelConfig, start, config.model.dtype);
    return {
      context: {
        model: { config: modelConfig, weights, recompute },
        policy: null,
        whole: { variables, start },
        microBatchTokens,
      },
      variables,
    };
  }
  if (recompute === "disk") openActivationFile(config.output);
  const weights = frozenWeights(modelConfig, host, config.model.dtype, config.model);
  const start = config.adapter.init
    ? readStart(config.adapter.init, modelConfig, config)
    : createAdapter(modelConfig, config.adapter, config.seed, weights);
  const trained = new Map([...start.weights].map(([name, tensor]) => [name, tf.variable(tensor)]));
  const policy: Adapter = { ...start, weights: trained };
  return {
    context: { model: { config: modelConfig, weights, recompute }, policy, whole: null, microBatchTokens },
    variables: new Map<string, tf.Variable>([...trained]),
  };
}

/** An adapter's folder as the start of a run, whose own dropout it gets. */
function readStart(folder: string, model: ModelConfig, config: RunConfig): Adapter {
  const rate = dropoutOf(config.adapter);
  const saved = readAdapter(folder, model);
  const { tuner, weights } = methodOf(config).produces === "reward-model" ? startOfScorer(saved) : saved;
  const { peft_type: type } = tuner.config;
  refuseDropout(folder, tuner, rate);
  if (type === "LORA") return { tuner: { ...tuner, config: { ...tuner.config, lora_dropout: rate } }, weights };
  return { tuner, weights };
}

/** Only LoRA on linear layers has dropout. */
export function refuseDropout(folder: string, { config }: Tuner, rate: number): void {
  if (rate === 0) return;
  const asked = `adapter.dropout ${rate} is LoRA's on linear layers, and adapter.init ${folder} holds`;
  if (config.peft_type !== "LORA")
    throw new Error(`${asked} an adapter of peft_type "${config.peft_type}"; set it to 0`);
  if (config.target_parameters) throw new Error(`${asked} LoRA on experts; set it to 0`);
}

/**
 * The frozen policy that the config's `reference` names, as it stands before a checkpoint is restored: the base with the adapter off, or
 * where every weight is trained a copy of the model as it was read.
 */
export async function createReferencePolicy(
  config: RunConfig,
  files: LoadedFiles,
  context: Context,
  baseOf: () => Model,
): Promise<(FrozenPolicy & Pick<LoadedFiles, "contentHash">) | null> {
  const { contentHash } = files;
  const named = "reference" in config ? config.reference : "base";
  if (context.whole && methodOf(config).reference === null) return null;
  const base = baseOf();
  if (named === "base") return { model: base, adapter: null, contentHash };
  if (named === "initial") return { model: base, adapter: context.policy && cloneAdapter(context.policy), contentHash };
  return { contentHash, ...(await readPolicy(named, base)) };
}

/** The teacher that a run file names. A model of its own needs no frozen copy of the one that is trained. */
export function readTeacher(named: string, model: Model, baseOf: () => Model): Promise<FrozenPolicy> {
  const folder = policyPath(named);
  return readPolicy(folder, isWholeModel(folder) ? model : baseOf());
}

export function frozenCopy(model: Model, start: WeightSource): Model {
  const { dtype } = model.weights;
  return { ...model, weights: frozenWeights(model.config, start, dtype), plain: dtype === "bfloat16" };
}
