// PPO: rollouts in `batches`, clipped losses of policy and critic in `loss`; actor, critic, reward model and reference share one frozen base.
// Losses in losses/ppo.ts, rewards and advantages in advantages.ts, what is sampled in rollout.ts.
import { countTokens, microBatches, type TokenBatch, tokenBatch } from "../batches";
import type { Check } from "../checks";
import type { PpoConfig } from "../config";
import type { Dataset } from "../data/dataset";
import { tf } from "../engine/tensorflow";
import { policyLoss, type Sampled, valueLoss } from "../losses/ppo";
import { type Context, type Method, type MicroBatch, over } from "../method";
import { tokenScores, tokenValues } from "../policy";
import { createRandom, permutation } from "../random";
import { scoreTolerance } from "../reference";
import type { Recorded } from "../replay";
import { createRollouts, type Roles, type Rollout, type Rollouts } from "../rollout";

type Batch = TokenBatch &
  Sampled & {
    valueMask: tf.Tensor2D; // [B, C]
    /** Make sums over this batch's tokens their share of the mini-batch's means, while a step weighs batches by their rows. */
    perToken: tf.Scalar;
    perValue: tf.Scalar;
  };

export function ppo(
  context: Context,
  roles: Roles,
  config: PpoConfig,
  dataset: Dataset<unknown>,
  replay: Recorded[] | null,
  checked: (check: Check) => void,
): Method<Batch> {
  const { model, policy, pad, microBatchTokens } = context;
  const { ppo, seed } = config;
  const perUpdate = replay ? replay[0]!.steps.length : ppo.epochs * ppo.miniBatches;
  const collect = createRollouts(context, roles, config);
  let current: { update: number; rollouts: Rollouts } | null = null;

  function rolloutsOf(update: number): Rollouts {
    if (current?.update !== update) {
      if (replay && !replay[update]) throw new Error(`the record of ${replay.length} updates ends before step limit`);
      current = { update, rollouts: collect(update, dataset.train, replay?.[update]) };
      checkRollouts(update, current.rollouts);
    }
    return current.rollouts;
  }

  /** Rows of an optimiser step: every epoch goes through the rollouts in an order of its own. */
  function rowsOf(step: number): Rollout[] {
    const [update, within] = [Math.floor(step / perUpdate), step % perUpdate];
    const { rows } = rolloutsOf(update);
    if (replay) return replay[update]!.steps[within]!.rows.map((row) => rows[row]!);
    const epoch = Math.floor(within / ppo.miniBatches);
    const order = permutation(rows.length, createRandom(seed, "minibatches", update, epoch));
    const cut = (part: number) => Math.floor((part * rows.length) / ppo.miniBatches);
    const part = within % ppo.miniBatches;
    return order.slice(cut(part), cut(part + 1)).map((row) => rows[row]!);
  }

  function cut(rows: Rollout[]): MicroBatch<Batch>[] {
    const tokens = rows.reduce((sum, { advantages }) => sum + advantages.length, 0);
    const valued = rows.reduce((sum, { returns }) => sum + returns.length, 0);
    return microBatches(rows, ({ fed }) => [fed], microBatchTokens).map((part) => ({
      weight: part.length,
      tokens: countTokens(part.map(({ fed }) => fed)),
      build() {
        const batch = tokenBatch(
          part.map(({ fed }) => [fed]),
          pad,
        );
        const C = batch.layout.answer;
        const wide = (of: (row: Rollout) => number[]) =>
          tf.tensor2d(part.map((row) => Array.from({ length: C }, (_, t) => of(row)[t] ?? 0)));
        const share = (count: number) => tf.scalar(rows.length / (part.length * count));
        return {
          ...batch,
          logProbs: wide((row) => row.logProbs),
          advantages: wide((row) => row.advantages),
          values: wide((row) => row.values),
          returns: wide((row) => row.returns),
          valueMask: wide((row) => row.returns.map(() => 1)),
          perToken: share(tokens),
          perValue: share(valued),
        };
      },
    }));
  }

  const exact = config.model.dtype === "float32";
  /** What rounding between shapes may do to a log-probability, in nats a token. */
  const tolerance = exact ? 1e-4 : scoreTolerance.bfloat16;

  /** Detail 21: at the start of an update the policy is the one that was sampled. Exact but for rounding between shapes. */
  function checkRollouts(update: number, { samplerDistance, kl }: Rollouts): void {
    if (samplerDistance !== null && samplerDistance > tolerance)
      throw new Error(
        `update ${update + 1}: the sampler's log-probabilities differ by ${samplerDistance} nats from the trainer's; at most ${tolerance} is rounding`,
      );
    if (update > 0 || samplerDistance === null) return;
    const fresh = config.adapter?.init === undefined && config.reference === "base";
    const same = fresh || config.reference === "initial";
    if (same && Math.abs(kl) > tolerance * ppo.responseLength)
      throw new Error(`policy and reference are the same at the start, so the first KL should be 0; it is ${kl}`);
    const first = same ? `first KL ${kl.toPrecision(2)}, should be 0; ` : "";
    checked({
      name: "rollout",
      detail: `${first}sampler and trainer ${samplerDistance.toPrecision(2)} nats a token apart, at most ${tolerance}`,
    });
  }

  const average = replay ? "" : "_avg";
  return {
    cycle: replay ? 1 : perUpdate,
    steps: perUpdate * (replay?.length ?? Math.ceil((config.epochs * dataset.train.length) / ppo.rollouts)),
    batches: (step) => cut(rowsOf(step)),
    heldOut: () => [],
    loss(batch) {
      const { mask, valueMask, perToken, perValue } = batch;
      const { logProbs, entropy } = tokenScores(model, policy, batch, ppo.temperature);
      const values = tokenValues(model, roles.critic.adapter, roles.critic.head, batch);
      const actor = policyLoss(logProbs, batch, ppo);
      const critic = valueLoss(values, batch, ppo);
      const loss = actor.losses
        .mul(mask)
        .sum()
        .mul(perToken)
        .add(critic.losses.mul(valueMask).sum().mul(perValue).mul(ppo.valueCoefficient)) as tf.Scalar;
      return {
        loss,
        stats: {
          [`loss/policy${average}`]: over(actor.losses, mask),
          [`loss/value${average}`]: over(critic.losses, valueMask),
          [`policy/clipfrac${average}`]: over(actor.clipped, mask),
          [`val/clipfrac${average}`]: over(critic.clipped, valueMask),
          "policy/approxkl_avg": over(actor.squaredLogRatio, mask),
          "policy/entropy_avg": over(entropy, mask),
          "val/ratio": over(actor.ratio, mask),
        },
      };
    },
    about(step) {
      const [update, within] = [Math.floor(step / perUpdate), step % perUpdate];
      const { stats } = rolloutsOf(update);
      if (!replay) return { ...stats, update: update + 1 };
      const { epoch, minibatch } = replay[update]!.steps[within]!;
      return { ...stats, update: update + 1, epoch: epoch + 1, minibatch: minibatch + 1 };
    },
    verify(step, stats) {
      if (step % perUpdate !== 0 || replay) return;
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
