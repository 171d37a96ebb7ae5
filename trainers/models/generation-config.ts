// How a model's own files say that it generates: the tokens that end an answer are used; the rest is the run's to say, and is told once.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parsedFields, readJson } from "./fields";

const schema = z.looseObject({
  eos_token_id: z.union([z.int().transform((id) => [id]), z.array(z.int())]).nullish(),
});

/** Ids that end an answer: generation_config.json decides where it is there, else config.json does, as in Transformers. */
export function endTokens(folder: string): number[] {
  const name = ["generation_config.json", "config.json"].find((file) => existsSync(join(folder, file)));
  if (name === undefined) return [];
  const path = join(folder, name);
  return parsedFields(schema, readJson(path), path).eos_token_id ?? [];
}

/** Fields that say nothing about which token comes next. */
const silent = [
  ...[
    "eos_token_id",
    "bos_token_id",
    "pad_token_id",
    "transformers_version",
    "_from_model_config",
    "trust_remote_code",
  ],
  ...["use_cache", "cache_implementation", "max_length", "max_new_tokens", "do_sample", "num_return_sequences"],
  ...["output_scores", "output_logits", "output_attentions", "output_hidden_states", "return_dict_in_generate"],
];
/** Values at which a field does nothing. */
const idle: Record<string, unknown> = {
  temperature: 1,
  top_p: 1,
  top_k: 0,
  typical_p: 1,
  min_length: 0,
  num_beams: 1,
  num_beam_groups: 1,
  repetition_penalty: 1,
  length_penalty: 1,
  encoder_repetition_penalty: 1,
};

/** A sentence about what of generation_config.json is not applied; none where nothing is left out. */
export function generationNotes(folder: string): string[] {
  const path = join(folder, "generation_config.json");
  if (!existsSync(path)) return [];
  const left = Object.entries(readJson(path)).filter(
    ([name, value]) => !silent.includes(name) && value !== null && value !== false && value !== idle[name],
  );
  if (left.length === 0) return [];
  const listed = left.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(", ");
  return [`${path} asks for ${listed}: not applied, for a run samples as its own options say`];
}
