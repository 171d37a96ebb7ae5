// A batch whose rows are a prompt with one answer each, for models whose positions turn by a row's length (LongRoPE, dynamic NTK): there
// answers of different lengths do not see the same prompt, and what is computed of one may not depend on the other.
import { tf } from "../engine/tensorflow";
import type { TokenBatch } from "./batches";

/** Its rows are in the order in which `states` and `ends` name answers: answer 0 of every prompt first. */
export function oneAnswerRows({ layout, ids, positions, promptLengths, ends }: TokenBatch) {
  const { rows: B, prompt: P, answers: n, answer: C } = layout;
  const rows = n * B;
  const byAnswer = (x: tf.Tensor2D): tf.Tensor2D => {
    const [prompt, ...answers] = tf.split(x, [P, ...Array<number>(n).fill(C)], 1) as [tf.Tensor2D, ...tf.Tensor2D[]];
    return tf.concat2d(
      answers.map((answer) => tf.concat2d([prompt, answer], 1)),
      0,
    );
  };
  const prompts = tf.tile(promptLengths, [n]); // [n·B]
  const starts = tf.range(0, rows, 1, "int32").mul(tf.scalar(P + C, "int32")); // of each row among all columns
  const last = tf.gather(positions.flatten(), ends); // position of each answer's last token
  const before = prompts.sub(tf.scalar(1, "int32")).expandDims(1); // [n·B, 1]
  const columns = tf.concat([before, tf.tile(tf.range(P, P + C - 1, 1, "int32").expandDims(0), [rows, 1])], 1);
  return {
    layout: { rows, prompt: P, answers: 1, answer: C },
    ids: byAnswer(ids),
    positions: byAnswer(positions),
    promptLengths: prompts,
    states: starts.expandDims(1).add(columns).flatten() as tf.Tensor1D, // [n·B·C]
    ends: starts.add(last.sub(prompts)).add(tf.scalar(P, "int32")) as tf.Tensor1D,
    lengths: last.toFloat().add(1) as tf.Tensor1D,
  };
}
