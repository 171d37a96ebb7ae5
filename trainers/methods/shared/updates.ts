// Shared by the methods that learn from rollouts: an update samples once, then takes several optimiser steps over its answers.
import type { Check } from "../../../spec/checks";
import type { RunConfig } from "../../../spec/config";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import { startsAtReference } from "../../../spec/starts-at-reference";
import { scoreTolerance } from "../../inference/reference";
import { ownTokens } from "../../rewards/answered";
import type { Method } from "../method";
import type { Rollout, RolloutSource, Rollouts } from "./rollout";

interface Options {
  maxCompletionLength: number;
  /** 1 where every token has its own ratio; the answer's tokens where it has one ratio as a whole, since rounding adds up. */
  actionLength?: number;
}

interface Update<Row> {
  rows: Row[];
  rollouts: Rollouts;
  stats: Partial<MetricRow>;
}

interface Updates<Row> {
  /** The update that step `step` belongs to; sampled when first asked for. */
  updateOf(step: number): Update<Row>;
  /** Rows of an optimiser step. */
  rowsOf(step: number): Row[];
  /** The rest of the method, apart from its batches and its loss. */
  method: Required<
    Pick<Method<never>, "stepsPerRollout" | "totalSteps" | "heldOut" | "stepMetrics" | "distributions" | "validateStep">
  >;
}

/** What methods train on: an answer with one advantage, or with one per token. */
type TrainableRow = Rollout & ({ advantage: number } | { advantages: number[] });

/** `collect` samples an update and returns the rows to train on. */
export function createUpdates<Row extends TrainableRow>(
  config: RunConfig,
  source: Pick<RolloutSource, "updates" | "stepsPerUpdate" | "miniBatch">,
  { maxCompletionLength, actionLength = 1 }: Options,
  collect: (update: number) => Update<Row>,
  checked: (check: Check) => void,
): Updates<Row> {
  const { stepsPerUpdate } = source;
  const exact = config.model.dtype === "float32";
  /** How much rounding between batch shapes may change a log-probability, in nats per token. */
  const tolerance = exact ? 1e-4 : scoreTolerance.bfloat16;
  let currentUpdate: ({ update: number } & Update<Row>) | null = null;

  function updateOf(step: number): Update<Row> {
    const update = Math.floor(step / stepsPerUpdate);
    if (currentUpdate?.update !== update) {
      currentUpdate = { update, ...collect(update) };
      checkRollouts(update, currentUpdate.rollouts);
    }
    return currentUpdate;
  }

  /** Detail 21: at the start of an update the policy is the one that was sampled. Exact up to rounding between batch shapes. */
  function checkRollouts(update: number, { samplerDistance, kl }: Rollouts): void {
    if (samplerDistance !== null && samplerDistance > tolerance)
      throw new Error(
        `update ${update + 1}: the sampler's log-probabilities differ by ${samplerDistance} nats from the trainer's; at most ${tolerance} is rounding`,
      );
    if (update > 0 || samplerDistance === null) return;
    const same = startsAtReference(config);
    if (same && Math.abs(kl) > tolerance * maxCompletionLength)
      throw new Error(`policy and reference are the same at the start, so the first KL should be 0; it is ${kl}`);
    const first = same ? `first KL ${kl.toPrecision(2)}, should be 0; ` : "";
    checked({
      name: "rollout",
      detail: `${first}sampler and trainer ${samplerDistance.toPrecision(2)} nats per token apart, at most ${tolerance}`,
    });
  }

  function validateStep(step: number, stats: Partial<MetricRow>): void {
    if (step % stepsPerUpdate !== 0) return;
    const names = ["val/ratio", "policy/approxkl_avg", "policy/clipfrac_avg"] as const;
    const [ratio, approxKl, clipped] = names.map((name) => stats[name]) as [number, number, number];
    const rounding = tolerance * actionLength; // in bfloat16 rounding alone may reach the clip
    if (Math.abs(ratio - 1) > rounding || approxKl > rounding || (exact && clipped > 0))
      throw new Error(
        `an update starts at the policy that was sampled, so its first mini-batch should have ratio 1, approxkl 0 and clip fraction 0; they are ${ratio}, ${approxKl} and ${clipped}`,
      );
  }

  return {
    updateOf,
    rowsOf(step) {
      const { rows } = updateOf(step);
      const taken = source.miniBatch(Math.floor(step / stepsPerUpdate), step % stepsPerUpdate, rows.length);
      return taken.map((row) => rows[row]!);
    },
    method: {
      stepsPerRollout: stepsPerUpdate,
      totalSteps: stepsPerUpdate * source.updates,
      heldOut: () => [],
      stepMetrics: (step) => ({ ...updateOf(step).stats, update: Math.floor(step / stepsPerUpdate) + 1 }),
      distributions(step) {
        const { rows } = updateOf(step);
        return {
          scores: rows.flatMap(({ score, abstained }) => (abstained ? [] : [score])),
          advantages: rows.flatMap((row) => ("advantage" in row ? row.advantage : ownTokens(row, row.advantages))),
          logRatios: rows.flatMap((row) => ownTokens(row, row.kl)),
        };
      },
      validateStep,
    },
  };
}
