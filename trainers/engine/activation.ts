// What stands between the two matrices of a gated MLP, with its derivative by hand; in Transformers' names.
import type { ActivationName } from "./activation-names";
import { tf } from "./tensorflow";

interface Activation {
  value(x: tf.Tensor): tf.Tensor;
  /** The value again, and d value / dx. */
  slope(x: tf.Tensor): { value: tf.Tensor; slope: tf.Tensor };
}

const one = () => tf.scalar(1);
/** Φ, the normal distribution function. */
const phi = (x: tf.Tensor) => x.mul(Math.SQRT1_2).erf().add(one()).mul(0.5);
/** tanh(√(2/π) (x + 0.044715 x³)), by which gelu_pytorch_tanh comes near 2 Φ(x) − 1. */
const near = (x: tf.Tensor) =>
  x
    .add(x.mul(x).mul(x).mul(0.044715))
    .mul(Math.sqrt(2 / Math.PI))
    .tanh();

export const activations: Record<ActivationName, Activation> = {
  silu: {
    value: (x) => x.mul(x.sigmoid()),
    slope(x) {
      const sigmoid = x.sigmoid();
      const value = x.mul(sigmoid);
      return { value, slope: sigmoid.add(value.mul(one().sub(sigmoid))) };
    },
  },
  relu: {
    value: (x) => x.relu(),
    slope: (x) => ({ value: x.relu(), slope: x.step(0) }),
  },
  gelu: {
    value: (x) => x.mul(phi(x)),
    slope(x) {
      const p = phi(x);
      const density = x
        .square()
        .mul(-0.5)
        .exp()
        .mul(1 / Math.sqrt(2 * Math.PI));
      return { value: x.mul(p), slope: p.add(x.mul(density)) };
    },
  },
  gelu_pytorch_tanh: {
    value: (x) => x.mul(0.5).mul(near(x).add(one())),
    slope(x) {
      const t = near(x);
      const inner = x
        .square()
        .mul(3 * 0.044715)
        .add(one())
        .mul(Math.sqrt(2 / Math.PI));
      const slope = t
        .add(one())
        .mul(0.5)
        .add(x.mul(0.5).mul(one().sub(t.square())).mul(inner));
      return { value: x.mul(0.5).mul(t.add(one())), slope };
    },
  },
};
