// Reward models that are models of their own, as Transformers saves a …ForSequenceClassification, before their weights are read. No tfjs in here.
import { join } from "node:path";
import { z } from "zod";
import { modelPath } from "../../common/model-paths";
import { isWholeModel } from "../../common/whole-model";
import type { ModelConfig } from "./config";
import { parseModelConfig } from "./families";
import { parsedFields, readJson } from "./fields";
import type { LoadedFiles } from "./formats/loaded-files";

/** Where a reward model lies that a run file names: a folder, or one of the Hub's. */
export const rewardModelPath = (source: string): string => (source.startsWith("hub:") ? modelPath(source) : source);

/** Whether a reward model that a run file names is an adapter on the policy's base. */
export const standsOnPolicyBase = (source: string): boolean => !isWholeModel(rewardModelPath(source));

const labels = z.object({
  architectures: z.array(z.string()).nullish(),
  num_labels: z.int().nullish(),
  id2label: z.record(z.string(), z.string()).nullish(),
});

/** Whether a config.json is that of a model with a head that scores. */
export const scores = ({ architectures }: Record<string, unknown>): boolean =>
  Array.isArray(architectures) && architectures.some((name) => String(name).endsWith("ForSequenceClassification"));

/** Of a folder, as `parseScorerConfig` reads it. */
export function scorerConfig(folder: string): ModelConfig {
  const path = join(folder, "config.json");
  return parseScorerConfig(readJson(path), path);
}

/** Throws, with the file's name, where it gives more than one number, or none. */
export function parseScorerConfig(json: Record<string, unknown>, path: string): ModelConfig {
  const { architectures, num_labels: given, id2label } = parsedFields(labels, json, path);
  if (!scores(json))
    throw new Error(
      `${path} has the architecture ${architectures?.[0] ?? "of none"}; a reward model's ends in ForSequenceClassification`,
    );
  const count = given ?? (id2label ? Object.keys(id2label).length : 2); // two are Transformers' default
  if (count !== 1) throw new Error(`${path} has ${count} labels; a reward model has 1`);
  return { ...parseModelConfig(json, path), tiedEmbeddings: true }; // it has no output head
}

/** The files beside the weights of a model that was trained to score, so that Transformers and this program read it as one. */
export function scorerCompanions({
  companions,
  tokenizer,
}: Pick<LoadedFiles, "companions" | "tokenizer">): Record<string, string> {
  const { "config.json": text = "{}", "generation_config.json": _, ...others } = companions();
  const json = JSON.parse(text) as { architectures?: string[]; model_type?: string };
  const architectures = (json.architectures ?? []).map((name) =>
    name.replace(/(For\w+|LMHeadModel)$/, "ForSequenceClassification"),
  );
  const labels = { num_labels: 1, id2label: { 0: "LABEL_0" }, label2id: { LABEL_0: 0 } };
  return {
    ...others,
    "config.json": JSON.stringify({ ...json, architectures, ...labels, pad_token_id: tokenizer.pad }),
  };
}
