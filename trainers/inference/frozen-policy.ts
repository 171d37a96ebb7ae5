// A policy that is asked and not trained: a model, or an adapter on one. Runs that trained every weight leave the first, others the second.
import { isWholeModel } from "../../common/whole-model";
import type { GenerateConfig } from "../../spec/config";
import { type HeldBase, heldInFull, heldWords } from "../../spec/fields/model";
import { readBaseQuantisation, sharedQuantisation } from "../adapters/base-quantisation";
import { readAdapter } from "../adapters/files";
import { mergedFiles } from "../adapters/merge";
import type { Adapter } from "../engine/adapter";
import { isInt8 } from "../engine/int8/codes";
import type { ModelConfig } from "../models/config";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { fourBitFiles } from "../models/four-bit-files";
import { loadModel, readModel } from "../models/load";
import type { Model } from "../models/model";
import { frozenWeights } from "../models/weights";

export interface FrozenPolicy {
  model: Model;
  /** Null is the model itself. */
  adapter: Adapter | null;
}

/** What lies in `folder`: an adapter on `base`, or a model of its own, which has to read the same tokens. */
export async function readPolicy(
  folder: string,
  base: Model,
): Promise<FrozenPolicy & Partial<Pick<LoadedFiles, "contentHash">>> {
  if (!isWholeModel(folder)) return { model: base, adapter: readAdapter(folder, base.config) };
  const { config, host, contentHash } = await readModel(folder);
  refuseOtherVocabulary(folder, config, base.config);
  const held = isInt8(base.weights.head) ? inInt8 : heldInFull;
  return {
    model: { ...base, config, weights: frozenWeights(config, host, base.weights.dtype, held) },
    adapter: null,
    contentHash,
  };
}

/** A base for `folders`, held as their adapters were trained over it. What is no folder is the base itself. */
export async function loadBase(
  model: GenerateConfig["model"],
  folders: (string | null)[],
): ReturnType<typeof loadModel> {
  const adapters = folders.filter((folder) => folder !== null && folder !== "base" && !isWholeModel(folder));
  if (model.quantisation !== null && model.quantisation !== "int8") return loadModel(model);
  const learntOver = sharedQuantisation(adapters as string[]);
  if (model.quantisation === null) return loadModel({ ...model, ...learntOver });
  if (learntOver.quantisation !== null)
    throw new Error(
      `the adapter was trained over a base in ${heldWords(learntOver)}, whose numbers int8 would not hold: leave the quantisation out`,
    );
  return loadModel({ ...model, ...inInt8 });
}

const inInt8: HeldBase<"int8"> = { quantisation: "int8", unquantised: [] };

export function refuseOtherVocabulary(folder: string, own: ModelConfig, base: ModelConfig): void {
  if (own.vocabSize !== base.vocabSize)
    throw new Error(
      `${folder} has a vocabulary of ${own.vocabSize} tokens, and the model that it is used with ${base.vocabSize}; choose a run that was trained from the same model`,
    );
}

/** The weights of a tuned model: `base`, as the adapter of `folder` was trained over it, with the adapter worked in, or those of `folder` where every weight was trained. */
export async function tunedFiles(base: string, folder: string): Promise<LoadedFiles> {
  if (isWholeModel(folder)) return readModel(folder);
  const files = await readModel(base);
  const learntOver = fourBitFiles(files, readBaseQuantisation(folder));
  return mergedFiles(learntOver, readAdapter(folder, files.config));
}
