// A batch whose rows are a prompt with one answer each and no padding before their ends, for state-space models: what they know of a
// prompt is a state after its last token, which every answer would have to be started from.
import { tf } from "../engine/tensorflow";
import type { TokenBatch } from "./batches";

/** Its rows are in the order in which `states` and `ends` name answers: answer 0 of every prompt first. */
export function unbrokenRows({ layout, ids, positions, promptLengths, ends }: TokenBatch) {
  const { rows: B, prompt: P, answers: n, answer: C } = layout;
  const [rows, T] = [n * B, P + n * C];
  const width = 16 * Math.ceil((P + C) / 16); // whole chunks of a scan
  const int = (value: number) => tf.scalar(value, "int32");
  const column = tf.range(0, width, 1, "int32").expandDims(0); // [1, width]
  const prompts = tf.tile(promptLengths, [n]).expandDims(1); // [n·B, 1]
  const starts = tf.tile(tf.range(0, B * T, T, "int32").expandDims(0), [n, 1]); // [n, B]
  const answers = starts.add(tf.range(0, n * C, C, "int32").expandDims(1)).add(int(P)); // [n, B]
  const inAnswer = column.sub(prompts);
  const from = tf.where(
    inAnswer.less(int(0)),
    starts.reshape([rows, 1]).add(column),
    answers.reshape([rows, 1]).add(inAnswer.minimum(int(C - 1))), // what comes after an answer's last column, nobody reads
  );
  const first = tf.range(0, rows * width, width, "int32"); // of each row among all tokens
  const predicting = prompts.sub(int(1)).add(tf.range(0, C, 1, "int32").expandDims(0)); // [n·B, C]
  return {
    ids: tf.gather(ids.flatten(), from.flatten() as tf.Tensor1D).reshape([rows, width]) as tf.Tensor2D,
    positions: tf.tile(column, [rows, 1]) as tf.Tensor2D,
    states: first.expandDims(1).add(predicting).flatten() as tf.Tensor1D, // [n·B·C]
    ends: first.add(tf.gather(positions.flatten(), ends)) as tf.Tensor1D, // [n·B]
  };
}
