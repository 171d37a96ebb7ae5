// DoRA (Liu et al. 2024, arXiv 2402.09353): y = m ⊙ (W + s B A) x / ‖W + s B A‖ with a magnitude m of each output, ‖W‖ at the start. The norm is
// a constant to the gradient (the paper's section 4.3), and follows from ‖W‖², A Wᵀ and A Aᵀ: W + s B A is made nowhere but in a merge.
import type { AdapterWeights, Tuner } from "../../engine/adapter";
import { dropped } from "../../engine/dropout";
import type { FrozenLayer, LowRank } from "../../engine/linear";
import { fused } from "../../engine/ops";
import { tf } from "../../engine/tensorflow";

const nameOf = (module: string) => `${module}.lora_magnitude_vector`;

/** A LoRA with magnitudes. `outputs`: of each of its layers. */
export function withMagnitudes(plain: Tuner, outputs: ReadonlyMap<string, number>): Tuner {
  const magnitudes = [...outputs].map(([module, output]): [string, number[]] => [nameOf(module), [output]]);
  function partsOf(weights: AdapterWeights, module: string) {
    const change = plain.change(weights, module);
    if (!change || !("lowRank" in change)) return null;
    return { update: change.lowRank, magnitude: weights.get(nameOf(module)) as tf.Tensor1D };
  }
  const tuner: Tuner = {
    ...plain,
    shapes: new Map([...plain.shapes, ...magnitudes]),
    fresh(random, base) {
      const norms = [...outputs.keys()].map((module): [string, tf.Tensor] => [
        nameOf(module),
        tf.tidy(() => base.layer(module).rowSquares().sqrt()),
      ]);
      return { tuner, weights: new Map([...plain.fresh(random, base).weights, ...norms]) };
    },
    change(weights, module, dropout) {
      const parts = partsOf(weights, module);
      if (!parts) return null;
      const { update, magnitude } = parts;
      return {
        apply(x, frozen) {
          if (dropout) return withDropout(x, dropped(x, dropout), update, magnitude, frozen);
          const low = tf.matMul(tf.matMul(x, update.a, false, true), update.b, false, true); // [N, out]
          const y = frozen
            .product(x)
            .add(low)
            .mul<tf.Tensor2D>(factorOf(magnitude, update, frozen));
          return frozen.bias ? y.add(frozen.bias) : y;
        },
      };
    },
    merged(weights, name, base) {
      const parts = name.endsWith(".weight") ? partsOf(weights, name.replace(/\.weight$/, "")) : null;
      if (!parts) return null;
      const moved = base.add(tf.matMul(parts.update.b, parts.update.a)); // [out, in]
      return moved.mul(parts.magnitude.div(moved.square().sum(1).sqrt()).expandDims(1));
    },
  };
  return tuner;
}

/** As PEFT has it: W x is whole, what the adapter makes of it comes from the dropped-out x′: W x + (f − 1) W x′ + f B A x′ with f = m / ‖W + B A‖. */
function withDropout(x: tf.Tensor2D, fewer: tf.Tensor2D, update: LowRank, magnitude: tf.Tensor1D, frozen: FrozenLayer) {
  const factor = factorOf(magnitude, update, frozen); // [out]
  const low = tf.matMul(tf.matMul(fewer, update.a, false, true), update.b, false, true); // [N, out]
  return frozen
    .output(x)
    .add(frozen.product(fewer).mul(factor.sub(1)))
    .add<tf.Tensor2D>(low.mul(factor));
}

/** m / ‖W + B A‖, B holding the scale; a gradient goes to m alone. [out] */
const factorOf = (magnitude: tf.Tensor1D, { a, b }: LowRank, frozen: FrozenLayer): tf.Tensor1D =>
  fused<tf.Tensor1D>(
    [magnitude],
    (m) => {
      const across = tf.transpose(frozen.product(a)); // W Aᵀ [out, r]
      const within = tf.matMul(b, tf.matMul(a, a, false, true)); // B A Aᵀ [out, r]
      const norm = frozen
        .rowSquares()
        .add(b.mul(across.mul(2).add(within)).sum(1))
        .sqrt(); // [out]
      return { value: m!.div(norm), saved: [norm] };
    },
    (dy, _, [norm]) => [dy.div(norm!)],
  );
