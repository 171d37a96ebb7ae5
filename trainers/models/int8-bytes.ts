// How much memory a model's weights take in 8 bits.
import type { ModelConfig } from "./config";
import { familyOf, floatBytes } from "./families";

/** Linear layers and the output head a byte a number and a scale for each 64 of a row, which are filled up; what else there is in float32. */
export function int8Bytes(config: ModelConfig): number {
  const { vocabSize, hiddenSize, layers, tiedEmbeddings } = config;
  const linear = Array.from({ length: layers }, () => Object.values(familyOf(config).linearShapes(config))).flat();
  const head: [number, number] = [vocabSize, hiddenSize];
  const numbers = (shapes: [number, number][]) => shapes.reduce((sum, [out, columns]) => sum + out * columns, 0);
  const codes = [...linear, head].reduce((sum, [out, columns]) => sum + out * 68 * Math.ceil(columns / 64), 0);
  return floatBytes(config) - 4 * numbers(tiedEmbeddings ? linear : [...linear, head]) + codes;
}
