// How much of a model is its vocabulary: the embedding, and the head where that is a matrix of its own.
import type { ModelConfig } from "./config";
import { weightShapes } from "./families";
import { namesOf } from "./names";

/** Of the parameters of a model like this one with `vocabulary` tokens. */
export function embeddingShare(config: ModelConfig, vocabulary = config.vocabSize): number {
  const { embedding, head } = namesOf(config);
  const names = new Set([embedding, head].map((name) => `${name}.weight`));
  let [whole, rows] = [0, 0];
  for (const [name, shape] of Object.entries(weightShapes({ ...config, vocabSize: vocabulary }))) {
    const count = shape.reduce((product, size) => product * size, 1);
    whole += count;
    if (names.has(name)) rows += count;
  }
  return rows / whole;
}
