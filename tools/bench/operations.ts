// Multiplications and additions of one of our training steps: what the machine must do, padding aside.
import type { ModelConfig } from "../../trainers/models/config";
import { linearShapes } from "../../trainers/models/llama/weight-names";
import type { TrainingWorkload } from "./workloads";

const shapes: Record<
  TrainingWorkload["model"],
  Pick<ModelConfig, "hiddenSize" | "intermediateSize" | "layers" | "heads" | "kvHeads" | "headDim" | "vocabSize">
> = {
  smollm2: { hiddenSize: 576, intermediateSize: 1536, layers: 30, heads: 9, kvHeads: 3, headDim: 64, vocabSize: 49152 },
  tiny: { hiddenSize: 160, intermediateSize: 448, layers: 4, heads: 4, kvHeads: 2, headDim: 40, vocabSize: 671 },
};
const rank = 16;

/** With the prompt computed once per pair and the reference known. */
export function stepOperations({ kind, model, pairs, prompt, answer }: TrainingWorkload): number {
  const config = shapes[model];
  const linears = Object.values(linearShapes(config as ModelConfig));
  const body = config.layers * linears.reduce((sum, [output, input]) => sum + output * input, 0);
  const adapter = config.layers * rank * linears.reduce((sum, [output, input]) => sum + output + input, 0);
  const tokens = pairs * (prompt + 2 * answer);
  const scores = pairs * (prompt * prompt + 2 * answer * (prompt + answer)); // query-key pairs
  const perToken = 4 * body + 6 * adapter; // forward and its transpose; the adapter's own gradient besides
  const attention = 14 * config.layers * config.heads * config.headDim * scores; // two products forward, five backward
  const head = kind === "dpo" ? 4 * config.vocabSize * config.hiddenSize * 2 * pairs * answer : 0; // scores, and the gradient's row
  return tokens * perToken + attention + head;
}
