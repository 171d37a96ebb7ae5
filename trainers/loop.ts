// The only training loop: pull a window of batches, step, log, now and then evaluate and save.
import { setImmediate } from "node:timers/promises";
import type { RunConfig } from "./config";
import { tf } from "./engine/tensorflow";
import { accumulate, type Gradients, lossAndGradients, type Stats, type Variables } from "./gradients";
import type { BatchInfo, Method } from "./method";
import type { MetricName, MetricRow } from "./metrics";
import { applyGradients, type Optimizer, scheduledRate } from "./optimizer";

export interface LoopHooks {
  log(row: MetricRow): void;
  /** Metrics of the policy as it stands, after `step` updates. */
  evaluate(step: number): Stats;
  save(step: number): void;
}

interface LoopState<Batch extends tf.TensorContainerObject> {
  config: RunConfig;
  method: Method<Batch>;
  variables: Variables;
  optimizer: Optimizer;
  totalSteps: number;
  signal: AbortSignal;
  hooks: LoopHooks;
}

/** Trains up to `totalSteps` and saves the last step. An abort ends it after the step in hand, saved, and returns false. */
export async function train<Batch extends tf.TensorContainerObject>({
  config,
  method,
  variables,
  optimizer,
  totalSteps,
  signal,
  hooks,
}: LoopState<Batch>): Promise<boolean> {
  const batches = method.batches(optimizer.step * config.gradientAccumulation);
  if (optimizer.step === 0) {
    const start = hooks.evaluate(0);
    if (Object.keys(start).length > 0) hooks.log({ step: 0, ...start });
  }
  while (optimizer.step < totalSteps) {
    const started = performance.now();
    const learningRate = scheduledRate(config.optimizer, optimizer.step, totalSteps);
    const window = Array.from(
      { length: config.gradientAccumulation },
      () => batches.next().value as { batch: Batch; info: BatchInfo },
    );
    const { stats, gradients } = windowGradients(method, window, variables);
    const gradNorm = applyGradients(optimizer, config.optimizer, learningRate, variables, gradients);
    const seconds = (performance.now() - started) / 1000;
    const tokens = window.reduce((sum, { info }) => sum + info.tokens, 0);

    const step = optimizer.step;
    const row: MetricRow = {
      step,
      ...stats,
      grad_norm: gradNorm,
      learning_rate: learningRate,
      tokens,
      seconds,
      tokens_per_second: tokens / seconds,
      memory: process.memoryUsage.rss() / 1e6,
    };
    const last = step === totalSteps;
    Object.assign(row, hooks.evaluate(step));
    if (
      step % config.logEvery === 0 ||
      last ||
      Object.keys(row).some((name) => name.startsWith("eval_") || name.startsWith("objective/"))
    )
      hooks.log(row);
    assertFinite(row);
    if (last || signal.aborted || (config.saveEvery !== null && step % config.saveEvery === 0)) hooks.save(step);
    if (signal.aborted && !last) return false;
    await setImmediate(); // signals and timers get their turn
  }
  return true;
}

/** The gradient of the window's weighted mean loss: accumulation equals the big batch. Disposes the batches. */
function windowGradients<Batch extends tf.TensorContainerObject>(
  method: Method<Batch>,
  window: { batch: Batch; info: BatchInfo }[],
  variables: Variables,
) {
  const total = window.reduce((sum, { info }) => sum + info.weight, 0);
  const mean: Stats = {};
  let gradients: Gradients | null = null;
  for (const { batch, info } of window) {
    const share = info.weight / total;
    const part = lossAndGradients(() => method.loss(batch), variables);
    tf.dispose(batch);
    gradients = accumulate(gradients, part.gradients, share);
    for (const [name, value] of Object.entries(part.stats))
      mean[name as MetricName] = (mean[name as MetricName] ?? 0) + share * value;
  }
  return { stats: mean, gradients: gradients! };
}

function assertFinite(row: MetricRow): void {
  for (const [name, value] of Object.entries(row))
    if (!Number.isFinite(value))
      throw new Error(
        `${name} became ${value} at step ${row.step}; a lower learning rate (now ${row.learning_rate}) usually helps`,
      );
}
