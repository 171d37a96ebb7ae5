// What methods that learn from rollouts share: an update samples once, then goes through its answers in mini-batches for some epochs.
import { deviation, mean } from "../../lib/statistics";
import { countTokens, microBatches, type TokenBatch, tokenBatch } from "../batches";
import type { Check } from "../checks";
import type { GrpoConfig, RlooConfig, RunConfig } from "../config";
import { chunks } from "../data/dataset";
import { tf } from "../engine/tensorflow";
import type { Context, Method, MicroBatch } from "../method";
import type { MetricRow } from "../metrics";
import { createRandom, permutation } from "../random";
import { scoreTolerance } from "../reference";
import type { Rollout, RolloutOptions, Rollouts } from "./rollout";

interface Options {
  /** Mini-batch steps of an update. */
  epochs: number;
  miniBatches: number;
  responseLength: number;
}

interface Update<Row> {
  rows: Row[];
  rollouts: Rollouts;
  stats: Partial<MetricRow>;
}

export interface Updates<Row> {
  perUpdate: number;
  /** The update that step `step` belongs to; sampled when first asked for. */
  of(step: number): Update<Row>;
  /** Rows of an optimiser step: every epoch goes through the rollouts in an order of its own. */
  rowsOf(step: number): Row[];
  about: NonNullable<Method<never>["about"]>;
  verify: NonNullable<Method<never>["verify"]>;
}

/** `collect` gives the rollouts of an update, and what is learnt from each answer. */
export function createUpdates<Row>(
  config: RunConfig,
  { epochs, miniBatches, responseLength }: Options,
  collect: (update: number) => Update<Row>,
  checked: (check: Check) => void,
): Updates<Row> {
  const perUpdate = epochs * miniBatches;
  const exact = config.model.dtype === "float32";
  /** What rounding between shapes may do to a log-probability, in nats a token. */
  const tolerance = exact ? 1e-4 : scoreTolerance.bfloat16;
  let current: ({ update: number } & Update<Row>) | null = null;

  function of(step: number): Update<Row> {
    const update = Math.floor(step / perUpdate);
    if (current?.update !== update) {
      current = { update, ...collect(update) };
      checkRollouts(update, current.rollouts);
    }
    return current;
  }

  /** Detail 21: at the start of an update the policy is the one that was sampled. Exact but for rounding between shapes. */
  function checkRollouts(update: number, { samplerDistance, kl }: Rollouts): void {
    if (samplerDistance !== null && samplerDistance > tolerance)
      throw new Error(
        `update ${update + 1}: the sampler's log-probabilities differ by ${samplerDistance} nats from the trainer's; at most ${tolerance} is rounding`,
      );
    if (update > 0 || samplerDistance === null) return;
    const reference = "reference" in config ? config.reference : "base";
    const same = (config.adapter?.init === undefined && reference === "base") || reference === "initial";
    if (same && Math.abs(kl) > tolerance * responseLength)
      throw new Error(`policy and reference are the same at the start, so the first KL should be 0; it is ${kl}`);
    const first = same ? `first KL ${kl.toPrecision(2)}, should be 0; ` : "";
    checked({
      name: "rollout",
      detail: `${first}sampler and trainer ${samplerDistance.toPrecision(2)} nats a token apart, at most ${tolerance}`,
    });
  }

  return {
    perUpdate,
    of,
    rowsOf(step) {
      const { rows } = of(step);
      const [update, within] = [Math.floor(step / perUpdate), step % perUpdate];
      const order = permutation(
        rows.length,
        createRandom(config.seed, "minibatches", update, Math.floor(within / miniBatches)),
      );
      const cut = (part: number) => Math.floor((part * rows.length) / miniBatches);
      const part = within % miniBatches;
      return order.slice(cut(part), cut(part + 1)).map((row) => rows[row]!);
    },
    about: (step) => ({ ...of(step).stats, update: Math.floor(step / perUpdate) + 1 }),
    verify(step, stats) {
      if (step % perUpdate !== 0) return;
      const [ratio, approxKl, clipped] = [
        stats["val/ratio"]!,
        stats["policy/approxkl_avg"]!,
        stats["policy/clipfrac_avg"]!,
      ];
      // bfloat16's rounding may reach the clip
      if (Math.abs(ratio - 1) > tolerance || approxKl > tolerance || (exact && clipped > 0))
        throw new Error(
          `an update starts at the policy that was sampled, so its first mini-batch should have ratio 1, approxkl 0 and clip fraction 0; they are ${ratio}, ${approxKl} and ${clipped}`,
        );
    },
  };
}

/** How RLOO and GRPO sample. Their KL is of the whole answer, so its estimate is the log-ratio itself. */
export const groupRollouts = (
  { seed, data }: RunConfig,
  block: RlooConfig["rloo"] | GrpoConfig["grpo"],
): RolloutOptions => ({
  ...block,
  seed,
  order: data.order,
  klEstimator: "k1",
  scorePlacement: "eos",
});

/** How far the answers to a prompt lie apart, and the share of prompts whose answers all score alike and teach nothing. */
export function groupStats({ rows }: Rollouts, { samples }: { samples: number }): Partial<MetricRow> {
  const deviations = chunks(
    rows.map(({ score }) => score),
    samples,
  ).map(deviation);
  return {
    "objective/score_deviation": mean(deviations),
    "objective/flat_groups": mean(deviations.map((value) => (value === 0 ? 1 : 0))),
  };
}

/** Makes tensors of what is known of each row of a batch. */
interface Gather<Row> {
  /** A list an answer, as wide as the batch's answers, 0 after its end. → [B, C] */
  wide(of: (row: Row) => number[]): tf.Tensor2D;
  /** A number an answer. → [B] */
  one(of: (row: Row) => number): tf.Tensor1D;
}

/**
 * The rows of an optimiser step as micro-batches. `tensors` adds to ids and masks; `scale` is what a batch's own sums take so that the
 * loop, which weighs batches by their rows, makes the sums of all rows of them.
 */
export function rolloutBatches<Row extends Pick<Rollout, "fed">, Tensors extends Record<string, tf.Tensor>>(
  rows: Row[],
  { pad, microBatchTokens }: Context,
  tensors: (gather: Gather<Row>, scale: number) => Tensors,
): MicroBatch<TokenBatch & Tensors>[] {
  return microBatches(rows, ({ fed }) => [fed], microBatchTokens).map((part) => ({
    weight: part.length,
    tokens: countTokens(part.map(({ fed }) => fed)),
    build() {
      const batch = tokenBatch(
        part.map(({ fed }) => [fed]),
        pad,
      );
      const C = batch.layout.answer;
      const padded = (values: number[]) => Array.from({ length: C }, (_, t) => values[t] ?? 0);
      const gather: Gather<Row> = {
        wide: (of) => tf.tensor2d(part.map((row) => padded(of(row)))),
        one: (of) => tf.tensor1d(part.map(of)),
      };
      return { ...batch, ...tensors(gather, rows.length / part.length) };
    },
  }));
}
