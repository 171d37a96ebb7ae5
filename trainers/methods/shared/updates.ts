// What methods that learn from rollouts share: an update samples once, then goes through its answers in mini-batches for some epochs.

import { createRandom, permutation } from "../../../common/random";
import type { Check } from "../../../spec/checks";
import type { RunConfig } from "../../../spec/config";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import { scoreTolerance } from "../../inference/reference";
import type { Method } from "../method";
import type { Rollout, Rollouts } from "./rollout";

interface Options {
  /** Mini-batch steps of an update. */
  epochs: number;
  miniBatches: number;
  responseLength: number;
  /** 1 where each token has a ratio, or the tokens of an answer that has one as a whole: rounding adds up. */
  actionLength?: number;
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
  spread: NonNullable<Method<never>["spread"]>;
}

/** What every method learns from: an answer with its advantage, or one for each of its tokens. */
type Learnt = Rollout & ({ advantage: number } | { advantages: number[] });

/** `collect` gives the rollouts of an update, and what is learnt from each answer. */
export function createUpdates<Row extends Learnt>(
  config: RunConfig,
  { epochs, miniBatches, responseLength, actionLength = 1 }: Options,
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
    spread(step) {
      const { rows } = of(step);
      const within = (values: number[], { response }: Rollout) => values.slice(0, response.length);
      return {
        scores: rows.map(({ score }) => score),
        advantages: rows.flatMap((row) => ("advantage" in row ? row.advantage : within(row.advantages, row))),
        logRatios: rows.flatMap((row) => within(row.kl, row)),
      };
    },
    about: (step) => ({ ...of(step).stats, update: Math.floor(step / perUpdate) + 1 }),
    verify(step, stats) {
      if (step % perUpdate !== 0) return;
      const [ratio, approxKl, clipped] = [
        stats["val/ratio"]!,
        stats["policy/approxkl_avg"]!,
        stats["policy/clipfrac_avg"]!,
      ];
      const rounding = tolerance * actionLength; // bfloat16's may reach the clip
      if (Math.abs(ratio - 1) > rounding || approxKl > rounding || (exact && clipped > 0))
        throw new Error(
          `an update starts at the policy that was sampled, so its first mini-batch should have ratio 1, approxkl 0 and clip fraction 0; they are ${ratio}, ${approxKl} and ${clipped}`,
        );
    },
  };
}
