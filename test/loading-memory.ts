// Prints, as JSON, the bytes of a model's float32 weights and how much more memory the process had at most once they were loaded:
// `loading-memory.ts MODEL`. The tokenizer's own memory is not counted.
import { modelPath } from "../common/model-paths";
import { tf } from "../trainers/engine/tensorflow";
import { loadModel, readModel } from "../trainers/models/load";
import { peakMemory } from "../trainers/run/peak-memory";

const source = modelPath(process.argv[2]!);
tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])).dataSync(); // TensorFlow's own memory
const { tokenizer } = await readModel(source);
const before = peakMemory();
const { model } = await loadModel({ source, dtype: "float32" });
const more = peakMemory() - before;
process.stdout.write(
  `${JSON.stringify({ weights: tf.memory().numBytes, more, layers: model.config.layers, eos: tokenizer.eos })}\n`,
);
