// Elementwise blocks of a Llama with their derivatives by hand: a tape over plain ops would keep six arrays where one is needed.
// Each is checked against the plain tape in ops.test.ts.

import { activations } from "./activation";
import type { ActivationName } from "./activation-names";
import { barrier } from "./custom";
import { tf } from "./tensorflow";

/** Runs `forward` off the tape and keeps its inputs and `saved` for `backward`. What else it makes, or closes over, may be gone by then. */
export function fused<T extends tf.Tensor>(
  inputs: tf.Tensor[],
  forward: (...inputs: tf.Tensor[]) => { value: T; saved: tf.Tensor[] },
  backward: (dy: T, inputs: tf.Tensor[], saved: tf.Tensor[]) => tf.Tensor[],
): T {
  const op = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const given = args as tf.Tensor[];
    const { value, saved } = tf.tidy(() => forward(...given) as unknown as tf.TensorContainer) as unknown as {
      value: T;
      saved: tf.Tensor[];
    };
    save([...given, ...saved]);
    return {
      value,
      gradFunc: (dy: T, kept: tf.Tensor[]) =>
        tf.tidy(() => backward(dy, kept.slice(0, given.length), kept.slice(given.length))),
    };
  });
  return op(...inputs) as T;
}

/** `x` as a constant: what is computed from it teaches nothing to what it came from. */
export const withoutGradient = <T extends tf.Tensor>(x: T): T =>
  fused<T>(
    [x],
    (x) => ({ value: x!.clone() as T, saved: [] }),
    (dy) => [tf.zerosLike(dy)],
  );

/** RMSNorm (Zhang & Sennrich 2019): x / √(mean(x²) + ε) · (offset + weight), over the last axis. A weight that is trained takes the plain tape. */
export function rmsNorm<T extends tf.Tensor>(x: T, weight: tf.Tensor1D, epsilon: number, offset: 0 | 1 = 0): T {
  if (weight instanceof tf.Variable) return x.mul(inverseRms(x, epsilon)).mul(offset ? weight.add(offset) : weight);
  return fused<T>(
    [x],
    (x) => {
      const r = inverseRms(x!, epsilon);
      const scale = offset ? weight.add(offset) : weight;
      return { value: x!.mul(r).mul(scale) as T, saved: [r, scale] };
    },
    (dy, [x], [r, scale]) => [throughNorm(barrier(x!, dy), r!, scale!, dy)],
  );
}

/** What the gradient dy of RMSNorm is at its input x, whose inverse root mean square is r [N, 1]. → [N, d] */
function throughNorm(x: tf.Tensor, r: tf.Tensor, weight: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  const g = dy.mul(weight); // [N, d]
  const unit = x.mul(r); // [N, d], computed again
  return g.sub(unit.mul(g.mul(unit).mean(-1, true))).mul(r);
}

/** The same where r is not known. */
export function rmsNormGradient(x: tf.Tensor, weight: tf.Tensor, epsilon: number, dy: tf.Tensor): tf.Tensor {
  const again = barrier(x, dy);
  return throughNorm(again, inverseRms(again, epsilon), weight, dy);
}

const inverseRms = (x: tf.Tensor, epsilon: number) => x.square().mean(-1, true).add(epsilon).rsqrt(); // [N, 1]

/** LayerNorm (Ba et al. 2016, arXiv 1607.06450) over the last axis. Weights that are trained take the plain tape. */
export function layerNorm<T extends tf.Tensor>(x: T, weight: tf.Tensor1D, bias: tf.Tensor1D, epsilon: number): T {
  const centred = (x: tf.Tensor) => x.sub(x.mean(-1, true));
  if (weight instanceof tf.Variable) {
    const c = centred(x);
    return c.mul(inverseRms(c, epsilon)).mul(weight).add(bias);
  }
  return fused<T>(
    [x],
    (x) => {
      const c = centred(x!);
      const r = inverseRms(c, epsilon);
      return { value: c.mul(r).mul(weight).add(bias) as T, saved: [r, weight.clone()] };
    },
    (dy, [x], [r, scale]) => {
      const through = throughNorm(centred(barrier(x!, dy)), r!, scale!, dy);
      return [centred(through)];
    },
  );
}

/** The activation between the two matrices of an MLP without a gate. */
export function activated(x: tf.Tensor2D, activation: ActivationName): tf.Tensor2D {
  const act = activations[activation];
  return fused<tf.Tensor2D>(
    [x],
    (x) => ({ value: act.value(x!) as tf.Tensor2D, saved: [] }),
    (dy, [x]) => [dy.mul(act.slope(barrier(x!, dy)).slope)],
  );
}

/** A gated linear unit (Shazeer 2020, arXiv 2002.05202), SwiGLU by default: act(gate) · up. */
export function gated(gate: tf.Tensor2D, up: tf.Tensor2D, activation: ActivationName = "silu"): tf.Tensor2D {
  const act = activations[activation];
  return fused<tf.Tensor2D>(
    [gate, up],
    (gate, up) => ({ value: act.value(gate!).mul(up!) as tf.Tensor2D, saved: [] }),
    (dy, [gate, up]) => {
      const { value, slope } = act.slope(barrier(gate!, dy));
      return [dy.mul(up!).mul(slope), dy.mul(value)];
    },
  );
}

/** Rotary positions: x · cos + (−x₂, x₁) · sin. The derivative turns the other way. */
export function rotate(x: tf.Tensor, [cos, sin]: [tf.Tensor4D, tf.Tensor4D]): tf.Tensor4D {
  return fused<tf.Tensor4D>(
    [x],
    (x) => ({ value: x!.mul(cos).add(quarterTurn(x as tf.Tensor4D, 1).mul(sin)) as tf.Tensor4D, saved: [cos, sin] }),
    (dy, _, [cos, sin]) => [dy.mul(cos!).add(quarterTurn(dy.mul(sin!) as tf.Tensor4D, -1))],
  );
}

function quarterTurn(x: tf.Tensor4D, sign: 1 | -1): tf.Tensor4D {
  const [first, second] = tf.split(x, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
  return sign === 1 ? tf.concat4d([second.neg(), first], 3) : tf.concat4d([second, first.neg()], 3);
}
