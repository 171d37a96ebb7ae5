// The model of a run with what is trained as variables: an adapter over a frozen base, or every weight.
import type { RunConfig } from "../../spec/config";
import type { Plan } from "../../spec/reports";
import { readAdapter } from "../adapters/files";
import { createAdapter } from "../adapters/kinds";
import { type Adapter, cloneAdapter } from "../engine/adapter";
import type { Variables } from "../engine/gradients";
import { tf } from "../engine/tensorflow";
import { type Context, trainedAdapter } from "../methods/method";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { frozenWeights, randomWeights, trainableWeights } from "../models/weights";

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
    const { weights, variables } = trainableWeights(modelConfig, start);
    return {
      context: { model: { config: modelConfig, weights, recompute }, policy: null, microBatchTokens },
      variables,
    };
  }
  const weights = frozenWeights(modelConfig, host, config.model.dtype);
  const start = config.adapter.init
    ? readAdapter(config.adapter.init, modelConfig)
    : createAdapter(modelConfig, config.adapter, config.seed);
  const trained = new Map([...start.weights].map(([name, tensor]) => [name, tf.variable(tensor)]));
  const policy: Adapter = { ...start, weights: trained };
  return {
    context: { model: { config: modelConfig, weights, recompute }, policy, microBatchTokens },
    variables: new Map<string, tf.Variable>([...trained]),
  };
}

/** The frozen policy that the config's `reference` names, as it stands before a checkpoint is restored; null is the base with the adapter off. */
export function createReferencePolicy(config: RunConfig, context: Context): Adapter | null {
  if (!("reference" in config) || config.reference === "base") return null;
  if (config.reference === "initial") return cloneAdapter(trainedAdapter(context));
  return readAdapter(config.reference, context.model.config);
}
