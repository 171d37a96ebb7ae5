// An adapter beside a peer's: what it says of one sequence, and one step of gradient descent on it.
import type { Adapter } from "../trainers/engine/adapter";
import { lossAndGradients } from "../trainers/engine/gradients";
import { tf } from "../trainers/engine/tensorflow";
import { tokenBatch } from "../trainers/inference/batches";
import { tokenLogProbs } from "../trainers/inference/policy";
import type { Model } from "../trainers/models/model";

/** Of two lists, how far apart they are where they are farthest. */
export const far = (ours: number[], theirs: number[]) =>
  Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]!)));

/** `ids`: a sequence of which every token but the first is scored. */
export function adapterSteps(ids: number[]) {
  const batch = tokenBatch([[{ input_ids: ids, completion_mask: ids.map((_, t) => (t === 0 ? 0 : 1)) }]], 0);
  const length = ids.length - 1;
  /** Log-probabilities of the scored tokens. */
  const say = (model: Model, adapter: Adapter | null) =>
    tf.tidy(() => [...tokenLogProbs(model, adapter, batch).dataSync()].slice(0, length));
  /** The adapter after one step of gradient descent on −mean log π, and the gradient's norms. */
  const step = (model: Model, adapter: Adapter, rate: number) => {
    const weights = new Map([...adapter.weights].map(([name, tensor]) => [name, tf.variable(tensor)]));
    const loss = () => ({
      loss: tokenLogProbs(model, { ...adapter, weights }, batch)
        .mul(batch.mask)
        .sum()
        .div<tf.Scalar>(-length),
      stats: {},
    });
    const { gradients } = lossAndGradients(loss, weights)({ batch, share: tf.scalar(1) });
    const next = [...weights].map(([name, w]) => [name, w.sub(gradients[name]!.mul(rate))] as const);
    const norms = Object.entries(gradients).map(([name, g]) => [name, g.norm().dataSync()[0]!] as const);
    return { next: { ...adapter, weights: new Map(next) }, norms: Object.fromEntries(norms) };
  };
  return { say, step };
}
