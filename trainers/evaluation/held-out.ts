// Evaluation on held-out rows under the method's own loss.

import { confidenceBuckets, withInterval } from "../../spec/metrics/catalogue";
import type { MicroBatch } from "../data/row-batches";
import { means, measure, type Stats, standardErrorOf, type Tally, tally } from "../engine/gradients";
import { compile, free, type Tree } from "../engine/jit/compile";
import type { Method } from "../methods/method";

/** Measures batches off the tape, compiled once. */
export function createMeter<Batch extends Tree>(method: Method<Batch>): (batches: MicroBatch<Batch>[]) => Tally {
  const measured = compile((batch: Batch) => {
    const { loss, stats, heldOut } = method.loss(batch);
    return measure({ loss, stats: { ...stats, ...heldOut } });
  });
  return (batches) => {
    const totals: Tally = new Map();
    for (const { weight, build } of batches) {
      const batch = build();
      tally(totals, measured(batch), weight);
      free(batch);
    }
    return totals;
  };
}

/** The means over held-out rows, as `eval_…`, and the standard errors of some. */
export function heldOutStats(totals: Tally): Stats {
  const errors = withInterval.flatMap((name) => {
    const total = totals.get(name);
    return total ? [[`eval_${name}_se`, standardErrorOf(total)]] : [];
  });
  const found = Object.entries(means(totals)).map(([name, mean]) => [`eval_${name}`, mean]);
  return Object.fromEntries([...found, ...errors, ...calibrationStats(totals)]);
}

/** Pairs in each tenth of confidence, and the expected calibration error over all (Guo et al. 2017, arXiv 1706.04599, equation 3). */
function calibrationStats(totals: Tally): [string, number][] {
  const filled = confidenceBuckets.flatMap((name) => {
    const [right, confidence] = [totals.get(`calibration/${name}`), totals.get(`confidence/${name}`)];
    return right && confidence && right.count > 0
      ? [{ name, pairs: right.count, off: right.sum - confidence.sum }]
      : [];
  });
  if (filled.length === 0) return [];
  const pairs = filled.reduce((sum, bucket) => sum + bucket.pairs, 0);
  const error = filled.reduce((sum, { off }) => sum + Math.abs(off), 0) / pairs;
  return [
    ["eval_calibration/error", error],
    ...filled.map((bucket): [string, number] => [`eval_calibration_pairs/${bucket.name}`, bucket.pairs]),
  ];
}

/** Mean and deviation of a reward model's scores, by which they are brought to 0 and 1 where they are used (PPO detail 9). */
export function rewardScale(totals: Tally): { mean: number; deviation: number; answers: number } {
  const { sum, count, squares } = totals.get("mean_reward")!;
  return { mean: sum / count, deviation: Math.sqrt(squares / count - (sum / count) ** 2), answers: count };
}
