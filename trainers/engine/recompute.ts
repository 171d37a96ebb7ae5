// Gradient checkpointing (Chen et al. 2016, arXiv 1604.06174): of a block only its input is kept; the backward pass runs it again.
import { barrier } from "./custom";
import { tf } from "./tensorflow";

/** `block(x)`, which may also depend on `variables` (the variables themselves, not copies). An eager run keeps everything: what the block closes over would be gone by then. */
export function recomputed(
  block: (x: tf.Tensor2D) => tf.Tensor2D,
  x: tf.Tensor2D,
  variables: tf.Tensor[],
): tf.Tensor2D {
  if (tf.getBackend() !== "recorder") return block(x);
  const op = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    save([args[0] as tf.Tensor]);
    return {
      value: block(args[0] as tf.Tensor2D),
      gradFunc(dy: tf.Tensor2D, [kept]: tf.Tensor[]) {
        // tfjs clears its tape after every gradient, also after this one inside another's backward pass.
        const { state } = tf.engine();
        const outer = state.activeTape;
        const gradients = tf.grads((again) => block(again as tf.Tensor2D))([barrier(kept!, dy), ...variables], dy);
        state.activeTape = outer;
        return gradients;
      },
    };
  });
  return op(x, ...variables) as tf.Tensor2D;
}
