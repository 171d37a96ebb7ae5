// Invariants that are checked in every run: each one that holds is shown on the run's page, one that fails stops the run with an error.
import type { Check } from "../../spec/checks";
import type { RunConfig } from "../../spec/config";
import type { Tokens } from "../data/tokenize";
import type { Adapter } from "../engine/adapter";
import type { Gradients, Measured, Stats } from "../engine/gradients";
import { tf } from "../engine/tensorflow";
import { type Reference, scoreTolerance } from "../inference/reference";
import { dpoLoss } from "../methods/dpo/loss";

/** Every row has a token to learn from. Throws with the number of the first that has none. */
export function checkMasks(groups: Tokens[][]): Check {
  const empty = groups.findIndex((group) => group.some(({ completion_mask }) => !completion_mask.includes(1, 1)));
  if (empty >= 0)
    throw new Error(`row ${empty + 1} has no token to learn from: its completion mask is empty. Take the row out`);
  return { name: "masks", detail: `each of ${groups.length.toLocaleString("en")} rows has tokens to learn from` };
}

/**
 * A batch gives the same metrics whatever token it is padded with. Frees both. A mixture's experts take padding too, so that how many rows a product
 * has, and how it rounds, depends on it: of a mixture the loss alone is looked at, since a margin of about 0 has either sign, within `rounding`.
 */
export function checkPadding(usual: Measured, other: Measured, rounding: number | null): Check {
  const all = ["loss", ...usual.names.flatMap((name) => [name, `${name} (count)`, `${name} (squares)`])];
  const [names, tolerance] = rounding === null ? [all, 1e-6] : [["loss"], rounding];
  const [a, b] = [usual.values.dataSync(), other.values.dataSync()];
  tf.dispose([usual.values, other.values]);
  names.forEach((name, i) => {
    if (Math.abs(a[i]! - b[i]!) > tolerance * Math.max(1, Math.abs(a[i]!)))
      throw new Error(`padding must not count, yet with another padding token ${name} is ${b[i]} instead of ${a[i]}`);
  });
  if (rounding !== null) return { name: "padding", detail: "the loss of a batch is the same padded with EOS" };
  return { name: "padding", detail: `${usual.names.length + 1} metrics of a batch are the same padded with EOS` };
}

/** A fresh adapter's first gradient is exactly 0 where its kind says so: of LoRA's A, while B is 0. Null where a kind says nothing. */
export function checkFreshAdapter({ tuner, weights }: Adapter, gradients: Gradients): Check | null {
  const still = [...weights.keys()].filter((name) => tuner.startsAtZeroGradient(name));
  if (still.length === 0) return null;
  for (const name of still) {
    const largest = tf.tidy(() => gradients[name]!.abs().max().dataSync()[0]!);
    if (largest !== 0)
      throw new Error(`the first gradient of ${name} should be 0 in a fresh adapter; its largest entry is ${largest}`);
  }
  return { name: "adapter", detail: `the first gradient of ${still[0]} and ${still.length - 1} more is exactly 0` };
}

/** A policy that starts as its reference has zero rewards, and the loss that its margin of 0 gives, a load-balancing loss by its coefficient aside. */
export function checkStart(config: RunConfig, { loss: whole, aux_loss: aux = 0, ...stats }: Stats, balance = 0): Check {
  const loss = whole! - balance * aux;
  const beta = config.method === "dpo" ? config.dpo.beta : config.method === "kto" ? config.kto.beta : 1;
  const tolerance = 10 * beta * scoreTolerance[config.model.dtype];
  const reward = Math.max(Math.abs(stats["rewards/chosen"] ?? 0), Math.abs(stats["rewards/rejected"] ?? 0));
  if (reward > tolerance)
    throw new Error(`policy and reference are the same at the start, so rewards should be 0; one is ${reward}`);
  const expected = config.method === "dpo" ? lossAtReference(config.dpo) : null;
  if (expected !== null && Math.abs(loss - expected) > tolerance)
    throw new Error(`policy and reference are the same at the start, so the loss should be ${expected} and is ${loss}`);
  const measured = `largest reward at the start ${reward.toPrecision(2)}, should be 0`;
  return {
    name: "start",
    detail: expected === null ? measured : `${measured}; loss ${loss.toFixed(6)}, should be ${expected.toFixed(6)}`,
  };
}

/** Null where the loss depends on the answers' likelihood and not on log-ratios alone. */
function lossAtReference(options: (RunConfig & { method: "dpo" })["dpo"]): number | null {
  if (options.useWeighting || [options.lossType].flat().includes("sft")) return null;
  return tf.tidy(() => {
    const logProbs = tf.zeros([2, 1]) as tf.Tensor2D;
    return dpoLoss({ logProbs, mask: tf.onesLike(logProbs) }, logProbs, options, tf.scalar(1)).loss.dataSync()[0]!;
  });
}

/** The reference's scores are the same at the end as at the start; null if none of the sampled rows has been scored. */
export function checkReference(
  scorer: Reference,
  groups: Tokens[][],
  dtype: RunConfig["model"]["dtype"],
): Check | null {
  const { rows, difference } = scorer.spotCheck(groups);
  if (rows === 0) return null;
  if (difference > scoreTolerance[dtype])
    throw new Error(
      `the reference changed while the policy was trained: ${rows} rows score ${difference} nats per token differently`,
    );
  return {
    name: "reference",
    detail: `${rows} rows score the same at the end: ${difference.toPrecision(2)} nats per token apart, at most ${scoreTolerance[dtype]}`,
  };
}
