// A mixture of experts (Shazeer et al. 2017, arXiv 1701.06538) as one node on the tape: every token goes through the gated MLPs of the k experts
// that the router finds likeliest, and through no other. A token's k copies are sorted by expert, so that each expert is one product over its own.
import { activations } from "./activation";
import type { ActivationName } from "./activation-names";
import { barrier } from "./custom";
import { expertGradients, expertProduct } from "./expert-products";
import type { LowRank } from "./linear";
import { fused } from "./ops";
import { segmentOuter } from "./segments";
import { tf } from "./tensorflow";

/** E experts' matrices one below the other, frozen (in float32 or bfloat16), with or without an update of each, or trained themselves. */
export interface Experts {
  gateUp: tf.Tensor2D; // [E · 2f, d]: gate and up of the first, of the second, …
  down: tf.Tensor2D; // [E · d, f]
  trained: boolean;
  /** Of `gateUp` and of `down`: A [E · r, in] and B [E · out, r]. */
  updates: [LowRank | null, LowRank | null];
}

export interface Routing {
  active: number;
  /** Whether the weights of a token's experts are made to add up to 1. */
  normalised: boolean;
}

/** x [N, d], probabilities of the router [N, E] → [N, d] */
export function mixture(
  x: tf.Tensor2D,
  probabilities: tf.Tensor2D,
  { gateUp, down, trained, updates }: Experts,
  { active: k, normalised }: Routing,
  activation: ActivationName,
): tf.Tensor2D {
  const act = activations[activation];
  const [N, E] = probabilities.shape;
  const halves = (both: tf.Tensor2D) => tf.split(both, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  return fused<tf.Tensor2D>(
    [
      x,
      probabilities,
      ...(trained ? [gateUp, down] : updates.flatMap((update) => (update ? [update.a, update.b] : []))),
    ],
    (x, p, ...changed) => {
      const [ofGateUp, ofDown] = given(updates, changed);
      const { values, indices } = tf.topk(p!, k); // [N, k]
      const total = values.sum(1, true); // [N, 1]
      const shares = normalised ? values.div(total) : values;
      const sentTo = indices.flatten(); // [N·k]
      const order = ascending(sentTo); // by expert
      const place = ascending(order); // of each copy among the sorted
      const sizes = tf.oneHot(sentTo, E).sum<tf.Tensor1D>(0); // [E]
      const both = expertProduct(copies(x!, order, k), sizes, gateUp, ofGateUp); // [N·k, 2f]
      const [gate, up] = halves(both);
      const made = expertProduct(act.value(gate).mul(up), sizes, down, ofDown); // [N·k, d]
      const answers = tf.gather(made, place).reshape([N, k, -1]);
      const value = answers.mul(shares.expandDims(2)).sum<tf.Tensor2D>(1);
      return { value, saved: [indices, shares, total, order, place, sizes, both, made] };
    },
    (dy, [x, , ...changed], [indices, shares, total, order, place, sizes, both, made]) => {
      const at = order as tf.Tensor1D;
      const counts = sizes as tf.Tensor1D;
      const answers = tf.gather(made!, place as tf.Tensor1D).reshape([N, k, -1]);
      const dShares = answers.mul(dy.expandDims(1)).sum(2); // [N, k]
      const dValues = normalised ? dShares.sub(dShares.mul(shares!).sum(1, true)).div(total!) : dShares;
      const dProbabilities = tf
        .oneHot(indices as tf.Tensor1D, E)
        .toFloat()
        .mul(dValues.expandDims(2))
        .sum(1); // [N, E]

      const dMade = tf.gather(
        dy
          .expandDims(1)
          .mul(shares!.expandDims(2))
          .reshape([N * k, -1]),
        at,
      ) as tf.Tensor2D;
      const [gate, up] = halves(barrier(both as tf.Tensor2D, dy));
      const { value: acted, slope } = act.slope(gate);
      const product = () => acted.mul(up) as tf.Tensor2D;
      const inputs = () => copies(barrier(x!, dy), at, k);
      const [ownGateUp, ownDown] = trained ? (changed as tf.Tensor2D[]) : [gateUp, down];
      const [ofGateUp, ofDown] = given(updates, changed);
      const { dx: dProduct, ofUpdate: dOfDown } = expertGradients(dMade, product, counts, ownDown!, ofDown); // [N·k, f]
      const dBoth = tf.concat2d([dProduct.mul(up).mul(slope) as tf.Tensor2D, dProduct.mul(acted) as tf.Tensor2D], 1);
      const { dx: dCopies, ofUpdate: dOfGateUp } = expertGradients(dBoth, inputs, counts, ownGateUp!, ofGateUp); // [N·k, d]
      const dx = tf
        .gather(dCopies, place as tf.Tensor1D)
        .reshape([N, k, -1])
        .sum(1);
      if (!trained) return [dx, dProbabilities, ...dOfGateUp, ...dOfDown];
      return [dx, dProbabilities, segmentOuter(dBoth, inputs(), counts), segmentOuter(dMade, product(), counts)];
    },
  );
}

/** The updates as the tape hands on their A and B. */
function given(updates: Experts["updates"], tensors: tf.Tensor[]): Experts["updates"] {
  const rest = tensors as tf.Tensor2D[];
  const [first, second] = updates;
  const at = first ? 2 : 0;
  return [first && { a: rest[0]!, b: rest[1]! }, second && { a: rest[at]!, b: rest[at + 1]! }];
}

/** 1 for each of the k experts that a token goes to, without a gradient. [N, E] → [N, E] */
export const chosen = (probabilities: tf.Tensor2D, k: number): tf.Tensor2D =>
  fused<tf.Tensor2D>(
    [probabilities],
    (p) => {
      const { indices } = tf.topk(p!, k);
      return {
        value: tf
          .oneHot(indices as tf.Tensor1D, p!.shape[1]!)
          .toFloat()
          .sum<tf.Tensor2D>(1),
        saved: [],
      };
    },
    (dy) => [tf.zerosLike(dy)],
  );

/** Which element comes first, second, …; of equal ones the earlier. [n] int32 → [n] int32 */
const ascending = (x: tf.Tensor): tf.Tensor1D => tf.topk(x.neg(), x.size).indices as tf.Tensor1D;

/** The k copies of every row of x, the copies in `order`. [N, d] → [N·k, d] */
const copies = (x: tf.Tensor, order: tf.Tensor1D, k: number): tf.Tensor2D =>
  tf.gather(x, k === 1 ? order : order.floorDiv(tf.scalar(k, "int32"))) as tf.Tensor2D;
