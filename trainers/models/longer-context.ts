// A model whose positions turn more slowly, so that it can be trained on texts longer than it knows.
import type { LongerScaling } from "../../spec/rope-scalings";
import { parseModelConfig } from "./families";
import type { LoadedFiles } from "./formats/loaded-files";

/** The model for `context` tokens. Its config.json says so to whatever reads it. Throws where it cannot be had. */
export function withContext(files: LoadedFiles, context: number, scaling: LongerScaling): LoadedFiles {
  const json = JSON.parse(files.companions()["config.json"]!) as Record<string, unknown>;
  const { unturnedLayers, layers, localRope, ropeScaling } = files.config;
  const known = Number(json.max_position_embeddings);
  const refuse = (why: string): never => {
    throw new Error(`this model of type "${json.model_type}" cannot be made longer so: ${why}`);
  };
  if (!(known > 0) || unturnedLayers?.length === layers) refuse("no rotary positions are in its config.json");
  if (localRope) refuse("its layers turn in two ways");
  if (ropeScaling.type !== "none") refuse(`it has RoPE scaling "${ropeScaling.type}" already`);
  if (context <= known) refuse(`it knows ${known} tokens, and ${context} are asked for`);
  const said = {
    rope_type: scaling,
    factor: context / known,
    ...(scaling === "yarn" && { original_max_position_embeddings: known }),
  };
  const { rope_parameters: parameters } = json;
  const longer = {
    ...json,
    ...(parameters ? { rope_parameters: { ...parameters, ...said } } : { rope_scaling: said }),
    max_position_embeddings: scaling === "dynamic" ? known : context, // dynamic NTK begins where the old context ends
  };
  const config = { ...parseModelConfig(longer), tiedEmbeddings: files.config.tiedEmbeddings };
  if (config.ropeScaling.type !== scaling) refuse(`its config.json has no place for RoPE scaling "${scaling}"`);
  return { ...files, config, companions: () => ({ ...files.companions(), "config.json": JSON.stringify(longer) }) };
}
