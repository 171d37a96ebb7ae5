// Gradient checkpointing (Chen et al. 2016, arXiv 1604.06174): of a block only its input is kept, in memory or on disk; the backward pass runs it again.
import { keptInFile } from "./activation-file";
import { barrier } from "./custom";
import { tf } from "./tensorflow";

/** What the tape keeps for a block's input, and how that becomes the input again once `after` is known. Without a tape no backward pass will read the file, and TensorFlow would write it all the same. */
export function keptInput(x: tf.Tensor2D, keptOn: "block" | "disk") {
  const onTape = tf.engine().state.gradientDepth > 0;
  if (keptOn === "block" || !onTape || tf.getBackend() !== "recorder") return { kept: x as tf.Tensor, again: barrier };
  const { kept, taken } = keptInFile(x);
  return { kept, again: taken };
}

/** `block(x)`, which may also depend on `variables` (the variables themselves, not copies). An eager run keeps everything: what the block closes over would be gone by then. */
export function recomputed(
  block: (x: tf.Tensor2D) => tf.Tensor2D,
  x: tf.Tensor2D,
  variables: tf.Tensor[],
  keptOn: "block" | "disk",
): tf.Tensor2D {
  if (tf.getBackend() !== "recorder") return block(x);
  const op = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const { kept, again } = keptInput(args[0] as tf.Tensor2D, keptOn);
    save([kept]);
    return {
      value: block(args[0] as tf.Tensor2D),
      gradFunc(dy: tf.Tensor2D, [kept]: tf.Tensor[]) {
        // tfjs clears its tape after every gradient, also after this one inside another's backward pass.
        const { state } = tf.engine();
        const outer = state.activeTape;
        const gradients = tf.grads((again) => block(again as tf.Tensor2D))([again(kept!, dy), ...variables], dy);
        state.activeTape = outer;
        return gradients;
      },
    };
  });
  return op(x, ...variables) as tf.Tensor2D;
}
