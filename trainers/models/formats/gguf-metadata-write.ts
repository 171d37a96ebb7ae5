// What a GGUF file says of the model in it: the inverse of gguf-metadata.ts, which reads it back before anything is written.
import { z } from "zod";
import type { ModelConfig, RopeScaling } from "../config";
import { ggufFamilies } from "./gguf-families";
import type { GgufFamily } from "./gguf-family";
import { parseGgufMetadata } from "./gguf-metadata";
import { stateSpaceEntries } from "./gguf-state-space";
import { count, flag, real, text } from "./gguf-values";
import type { LoadedFiles } from "./loaded-files";

type Entry = ReturnType<typeof text<string>> | ReturnType<typeof count | typeof real> | ReturnType<typeof flag>;

const given = (value: number | undefined) => (value === undefined ? undefined : real(value));

/** What the keys of single families say. */
const own: Record<string, (config: ModelConfig) => Entry | undefined> = {
  "attention.sliding_window": ({ windows }) => count(windows?.find((window) => window !== null) ?? 0),
  attn_logit_softcapping: ({ attentionSoftCap }) => given(attentionSoftCap),
  final_logit_softcapping: ({ logitSoftCap }) => given(logitSoftCap),
  "attention.scale": ({ attentionScale }) => given(attentionScale),
  embedding_scale: ({ embeddingScale }) => given(embeddingScale),
  residual_scale: ({ residualScale }) => given(residualScale),
  logit_scale: ({ logitDivisor }) => given(logitDivisor),
  "rope.freq_base_swa": ({ localRope }) => given(localRope?.ropeTheta),
  expert_count: ({ mixture }) => count(mixture!.experts),
  expert_used_count: ({ mixture }) => count(mixture!.active),
  expert_feed_forward_length: ({ intermediateSize }) => count(intermediateSize),
  use_parallel_residual: ({ parallelResidual }) => flag(parallelResidual === true),
};

/** The family's entries. Throws on what llama.cpp would compute otherwise. */
export function modelMetadata({ config, companions }: LoadedFiles): {
  family: GgufFamily;
  metadata: Record<string, Entry>;
} {
  const json = z.looseObject({ model_type: z.string() }).parse(JSON.parse(companions()["config.json"]!));
  const modelType = json.model_type === "mistral" ? "llama" : json.model_type; // llama.cpp's converter says so as well
  const family = ggufFamilies.find((each) => each.modelType === modelType);
  if (!family) throw new Error(`GGUF export does not know models of type "${json.model_type}"`);
  const { type } = config.ropeScaling;
  if ((type === "llama3" || type === "longrope") && type !== family.ropeFactors)
    throw new Error(`GGUF's ${family.architecture} cannot say ropeScaling "${type}"`);
  if (family.ownHead && config.tiedEmbeddings)
    throw new Error(`GGUF's ${family.architecture} has a head of its own, and this model's is its embedding`);
  const entries: Record<string, Entry | undefined> = {
    vocab_size: count(config.vocabSize),
    embedding_length: count(config.hiddenSize),
    block_count: count(config.layers),
    ...(config.stateSpace ? stateSpaceEntries(config) : attentionEntries(config, json)),
    ...Object.fromEntries(Object.keys(family.fields).map((key) => [key, own[key]!(config)])),
  };
  const metadata = {
    "general.architecture": text(family.architecture),
    ...Object.fromEntries(
      Object.entries(entries).flatMap(([key, entry]) => (entry ? [[`${family.architecture}.${key}`, entry]] : [])),
    ),
  };
  refuseUnsaid(config, metadata, family);
  return { family, metadata };
}

/** What a model that no length ends was trained on: BLOOM's own config.json says so where it says anything. */
const bloomContext = 2048;

function attentionEntries(config: ModelConfig, json: Record<string, unknown>): Record<string, Entry> {
  const contexts = z.object({
    max_position_embeddings: z.number().default(config.learnedPositions ?? 0),
    seq_length: z.number().default(bloomContext),
  });
  const { max_position_embeddings, seq_length } = contexts.parse(json);
  return {
    context_length: count(config.alibi ? seq_length : max_position_embeddings),
    feed_forward_length: count(config.intermediateSize),
    "attention.head_count": count(config.heads),
    "attention.head_count_kv": count(config.kvHeads),
    "attention.key_length": count(config.headDim),
    "attention.value_length": count(config.headDim),
    [`attention.layer_norm_${config.normBiases ? "" : "rms_"}epsilon`]: real(config.rmsEpsilon),
    ...(config.learnedPositions || config.alibi ? {} : ropeKeys(config)),
  };
}

function ropeKeys({ ropeScaling, ropeTheta, rotaryDims, headDim }: ModelConfig): Record<string, Entry> {
  return {
    "rope.dimension_count": count(rotaryDims ?? headDim),
    "rope.freq_base": real(ropeTheta),
    ...scalingKeys(ropeScaling),
  };
}

function scalingKeys(scaling: RopeScaling): Record<string, Entry> {
  if (scaling.type === "none" || scaling.type === "dynamic") return {}; // the second is refused below
  const context =
    scaling.type === "linear" ? {} : { "rope.scaling.original_context_length": count(scaling.originalContext) };
  if (scaling.type === "llama3") return context; // its factors are a tensor
  if (scaling.type === "longrope") return { ...context, "rope.scaling.attn_factor": real(scaling.scale) };
  const said = { "rope.scaling.type": text(scaling.type), "rope.scaling.factor": real(scaling.factor), ...context };
  if (scaling.type === "linear") return said;
  return {
    ...said,
    "rope.scaling.yarn_beta_fast": real(scaling.betaFast),
    "rope.scaling.yarn_beta_slow": real(scaling.betaSlow),
  };
}

/** What is read back must be the model. */
function refuseUnsaid(config: ModelConfig, metadata: Record<string, Entry>, { architecture }: GgufFamily): void {
  const { vocabSize, tiedEmbeddings: tied, biases } = config;
  const said = Object.fromEntries(Object.entries(metadata).map(([key, { value }]) => [key, value]));
  const { ropeScaling: rope } = config;
  const longRope = rope.type === "longrope" ? { short: rope.shortFactors, long: rope.longFactors } : null;
  const tensors = { vocabSize, tied, biases: biases.includes("self_attn.o_proj"), longRope };
  const read: Partial<ModelConfig> = parseGgufMetadata(said, tensors, "the file").config;
  const ropeScaling = config.ropeScaling.type === "llama3" ? config.ropeScaling : read.ropeScaling;
  for (const [name, value] of Object.entries({ ...read, ...config })) {
    const again = { ...read, ropeScaling }[name as keyof ModelConfig];
    if (JSON.stringify(again) !== JSON.stringify(value))
      throw new Error(
        `GGUF's ${architecture} cannot say ${name} ${JSON.stringify(value)}: llama.cpp would take ${JSON.stringify(again) ?? "none"}`,
      );
  }
}
