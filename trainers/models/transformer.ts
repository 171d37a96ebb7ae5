// The forward pass of a model, by its family.
import { type Adapter, virtualTokens } from "../engine/adapter";
import { fewLogitsOf, type Head } from "../engine/head";
import { fromInt8, isInt8 } from "../engine/int8/codes";
import { tf } from "../engine/tensorflow";
import { bloomTransformer } from "./bloom/transformer";
import type { FamilyName } from "./config";
import { hasOwnOps } from "./families";
import { gemma2Transformer } from "./gemma2/transformer";
import { gemma3Transformer } from "./gemma3/transformer";
import { gptNeoxTransformer } from "./gpt-neox/transformer";
import { gpt2Transformer } from "./gpt2/transformer";
import { graniteTransformer } from "./granite/transformer";
import { graniteMoeTransformer } from "./granite-moe/transformer";
import { llamaNative } from "./llama/native";
import { llamaPacked } from "./llama/packed";
import { llamaTransformer } from "./llama/transformer";
import { mambaTransformer } from "./mamba/transformer";
import { mamba2Transformer } from "./mamba2/transformer";
import { mixtralTransformer } from "./mixtral/transformer";
import type { Model, PackedSequence } from "./model";
import type { NativeModel } from "./native-model";
import { olmo2Transformer } from "./olmo2/transformer";
import { olmoeTransformer } from "./olmoe/transformer";
import type { Transformer } from "./parts/decoder";
import { phi3Transformer } from "./phi3/transformer";
import { qwen3Transformer } from "./qwen3/transformer";
import { qwen3MoeTransformer } from "./qwen3-moe/transformer";
import { headUnder, underAdapter } from "./under-adapter";

const transformers: Record<FamilyName, Transformer> = {
  llama: llamaTransformer,
  qwen3: qwen3Transformer,
  smollm3: llamaTransformer,
  olmo2: olmo2Transformer,
  phi3: phi3Transformer,
  granite: graniteTransformer,
  gemma2: gemma2Transformer,
  gemma3: gemma3Transformer,
  gpt_neox: gptNeoxTransformer,
  qwen3_moe: qwen3MoeTransformer,
  olmoe: olmoeTransformer,
  mixtral: mixtralTransformer,
  granitemoe: graniteMoeTransformer,
  gpt2: gpt2Transformer,
  bloom: bloomTransformer,
  mamba: mambaTransformer,
  mamba2: mamba2Transformer,
};

/** The last hidden states after the final norm, [B·T, d]. With `adapter` null the base speaks: that is the reference policy. */
export const transformer: Transformer = (model, adapter, ...rest) =>
  transformers[model.config.family](underAdapter(model, adapter), adapter, ...rest);

/** The same of packed rows by the ops of native/, [N, d]; null where only the plain pass can do it: they do not round what products in 8 bits read. */
export const packedTransformer = (
  model: Model,
  adapter: Adapter | null,
  sequence: PackedSequence,
): tf.Tensor2D | null =>
  !isInt8(model.weights.head) && canUseOwnOps(model, adapter)
    ? llamaPacked(underAdapter(model, adapter), adapter, sequence)
    : null;

/** The same as one op of native/, without gradients; null where only the plain pass can do it. Owned by the caller. */
export const nativeModel = (model: Model, adapter: Adapter | null): NativeModel | null =>
  canUseOwnOps(model, adapter) ? llamaNative(underAdapter(model, adapter), adapter) : null;

/** They know no tokens before a row, and nothing after a block. */
const canUseOwnOps = ({ config, plain }: Model, adapter: Adapter | null) =>
  !plain && hasOwnOps(config) && virtualTokens(adapter) === 0 && !adapter?.tuner.afterBlock;

/** How the model's logits, divided by a temperature, follow from its hidden states: with T, c · tanh(z / c) / T is (c / T) · tanh((z / T) / (c / T)). */
export function headOf(model: Model, adapter: Adapter | null, temperature = 1): Head {
  const { logitDivisor, logitSoftCap } = model.config;
  const head = headUnder(model, adapter);
  return {
    ...(isInt8(head) ? { weight: fromInt8(head), roundsInput: true } : { weight: head }),
    dtype: model.plain || model.weights.head instanceof tf.Variable ? "float32" : model.weights.dtype,
    divisor: temperature === 1 ? logitDivisor : (logitDivisor ?? 1) * temperature,
    softCap: logitSoftCap && logitSoftCap / temperature,
  };
}

/** Logits of a few rows of the hidden states. hidden [N, d] → [N, V] */
export const logits = (model: Model, adapter: Adapter | null, hidden: tf.Tensor2D): tf.Tensor2D =>
  fewLogitsOf(hidden, headOf(model, adapter));
