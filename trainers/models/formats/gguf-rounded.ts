// A model with its weights as a GGUF file of a type would give them back, without the file.
import { GGMLQuantizationType as Type } from "@huggingface/gguf";
import type { GgufType } from "../../../spec/export-types";
import { dequantise } from "./gguf-blocks";
import { modelMetadata } from "./gguf-metadata-write";
import { blockType } from "./gguf-mixtures";
import { bytesOf, quantise } from "./gguf-quantise";
import { fromGguf, toGguf } from "./gguf-rows";
import { ggufTensors, isTransposed } from "./gguf-tensors";
import type { LoadedFiles } from "./loaded-files";

/** `bytes`: of all weights. Throws on a model that GGUF cannot describe. */
export function roundedFiles(files: LoadedFiles, type: GgufType): { files: LoadedFiles; bytes: number } {
  const { config, host } = files;
  const { family } = modelMetadata(files);
  const model = { layers: config.layers, tied: config.tiedEmbeddings, experts: config.mixture?.experts ?? 0 };
  const parts = ggufTensors(family, config).flatMap(({ to, shape, parts }) => {
    const { blocks } = blockType(type, to, shape, model);
    return parts.map((part) => ({ ...part, blocks }));
  });
  const blocksOf = new Map(parts.map(({ name, blocks }) => [name, blocks])); // all parts of a tensor are in the same
  return {
    bytes: parts.reduce((sum, { blocks, size }) => sum + bytesOf(blocks, size), 0),
    files: {
      ...files,
      host: {
        get(name) {
          const found = host.get(name);
          if (!found) return undefined;
          const blocks = blocksOf.get(name)!;
          const data = dequantise(
            Type[blocks],
            quantise(blocks, toGguf(family, name, found, config)),
            found.data.length,
          );
          const shape = isTransposed(config, name) ? found.shape.toReversed() : found.shape;
          return fromGguf(family, name, { shape, data }, config);
        },
      },
    },
  };
}
