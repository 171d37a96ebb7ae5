// A model with its weights as a GGUF file of a type would give them back, without the file.
import { GGMLQuantizationType as Type } from "@huggingface/gguf";
import type { GgufType } from "../../../spec/export-types";
import { weightShapes } from "../families";
import { dequantise } from "./gguf-blocks";
import { ggufName } from "./gguf-families";
import { modelMetadata } from "./gguf-metadata-write";
import { blockType } from "./gguf-mixtures";
import { bytesOf, quantise } from "./gguf-quantise";
import type { LoadedFiles } from "./loaded-files";

/** `bytes`: of all weights. Throws on a model that GGUF cannot describe. */
export function roundedFiles(files: LoadedFiles, type: GgufType): { files: LoadedFiles; bytes: number } {
  const { config, host } = files;
  const { family } = modelMetadata(files);
  const model = { layers: config.layers, tied: config.tiedEmbeddings };
  const shapes = weightShapes(config);
  const blocksOf = (name: string) => blockType(type, ggufName(family, name), shapes[name]!, model).blocks;
  const size = (shape: number[]) => shape.reduce((a, b) => a * b, 1);
  return {
    bytes: Object.entries(shapes).reduce((sum, [name, shape]) => sum + bytesOf(blocksOf(name), size(shape)), 0),
    files: {
      ...files,
      host: {
        get(name) {
          const found = host.get(name);
          if (!found) return undefined;
          const blocks = blocksOf(name);
          const data = dequantise(Type[blocks], quantise(blocks, found.data), found.data.length);
          return { shape: found.shape, data };
        },
      },
    },
  };
}
