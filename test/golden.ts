// Losses and gradients that TRL 1.16.0 computed from fixed log-probabilities (data/golden/losses), for the tests beside this file.
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { tf } from "../trainers/engine/tensorflow";

type Matrix = number[][];
interface GoldenCase {
  loss: number;
  grad_per_token_logps: Matrix;
  metrics: Record<string, number>;
}
interface Golden {
  inputs: { completion_mask: Matrix; policy_per_token_logps: Matrix; ref_per_token_logps: Matrix };
  "dpo(beta=0.1)": Record<string, GoldenCase>;
  kto_inputs: { KL_policy_per_token_logps: Matrix; KL_ref_per_token_logps: Matrix };
  kto: Record<string, GoldenCase>;
  cpo: Record<
    string,
    Record<"per_pair" | "chosen_rewards" | "rejected_rewards" | "grad_chosen" | "grad_rejected", number[]>
  > & {
    inputs: Record<"avg_logps_chosen" | "avg_logps_rejected" | "sum_logps_chosen" | "sum_logps_rejected", number[]>;
  };
  "orpo beta=.1 (loss = nll - mean(losses))": Record<
    "losses" | "grad_chosen_of(-mean)" | "grad_rejected_of(-mean)",
    number[]
  > &
    Record<"log_odds_ratio" | "log_odds_chosen", number>;
  "reward(scores chosen=[1.2,-.3,.7] rejected=[.4,.1,.9])": Record<string, { loss: number; grad: number[] }>;
}

export const golden = JSON.parse(readFileSync("data/golden/losses/trl-1.16-losses.json", "utf8")) as Golden;

/** Three pairs of six tokens: rows 0 to 2 are chosen, 3 to 5 rejected. The first token of a row is predicted by none. */
export const inputs = {
  policy: tf.tensor2d(golden.inputs.policy_per_token_logps),
  reference: tf.tensor2d(golden.inputs.ref_per_token_logps),
  mask: tf.tensor2d(golden.inputs.completion_mask.map((row) => row.slice(1))),
};

/** TRL's head returns 0 outside the mask and its losses sum over everything; ours mask, so a gradient exists at scored tokens only. */
export const scored = (gradient: Matrix): Matrix => tf.tensor2d(gradient).mul<tf.Tensor2D>(inputs.mask).arraySync();

/** Expects every difference to be at most `tolerance` of the largest expected number. */
export function expectClose(actual: tf.Tensor, expected: number | number[] | Matrix, tolerance = 1e-6): void {
  const wanted = tf.tensor(expected as number[]);
  expect(actual.shape).toEqual(wanted.shape);
  const scale = wanted.abs().max().dataSync()[0]!;
  expect(actual.sub(wanted).abs().max().dataSync()[0]!).toBeLessThanOrEqual(tolerance * scale);
}
