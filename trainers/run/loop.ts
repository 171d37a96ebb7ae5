// The only training loop: take the micro-batches of a step, update, log, and evaluate and save when due.
import { setImmediate } from "node:timers/promises";
import { dropoutOf } from "../../spec/adapters/adapters";
import type { RunConfig } from "../../spec/config";
import type { Distributions } from "../../spec/histograms";
import { methodOf } from "../../spec/methods/all";
import type { MetricRow } from "../../spec/metrics/catalogue";
import type { TracedRollout } from "../../spec/rollouts";
import type { MicroBatch } from "../data/row-batches";
import type { Adapter } from "../engine/adapter";
import {
  type Gradients,
  lossAndGradients,
  type Measured,
  means,
  type Stats,
  sumGradients,
  type Tally,
  tally,
  type Variables,
} from "../engine/gradients";
import { compile, free, type Tree } from "../engine/jit/compile";
import { tf } from "../engine/tensorflow";
import type { Method } from "../methods/method";
import type { Progress } from "./checkpoint";
import { type StepInput, seedOf, withDropout } from "./dropout";
import type { Optimizer } from "./optimizer";
import { scheduledRate } from "./schedule";
import type { Spikes } from "./spikes";

export interface LoopHooks {
  log(row: MetricRow): void;
  /** What the first micro-batch measures, padded with `pad` and with `probePad`. */
  paddingProbe(usual: Measured, other: Measured): void;
  /** Called with the first step's gradients before its update. */
  firstStep(stats: Stats, gradients: Gradients): void;
  /** Values that the step learnt from, for histograms. */
  distributions(step: number, distributions: Distributions): void;
  /** A few completions that the step learned from, token by token. */
  traced(step: number, rollouts: TracedRollout[]): void;
  /** Metrics of the current policy, after `step` updates. */
  evaluate(step: number): Stats;
  save(step: number): void;
}

interface LoopState<Batch extends Tree> {
  config: RunConfig;
  method: Method<Batch>;
  /** What dropout is in, where the run has it. */
  policy: Adapter | null;
  variables: Variables;
  optimizer: Optimizer;
  /** Updated as the run goes on. */
  progress: Progress;
  totalSteps: number;
  pad: number;
  /** Another padding token, with which the first micro-batch must give the same metrics; null skips the check. */
  probePad: number | null;
  /** Null where every batch is learnt from, whatever its gradient. */
  spikes: Spikes | null;
  signal: AbortSignal;
  hooks: LoopHooks;
}

/** Trains up to `totalSteps` and saves the last step. An abort ends it after the current step, which is saved, and returns false. */
export async function train<Batch extends Tree>({
  config,
  method,
  policy,
  variables,
  optimizer,
  progress,
  totalSteps,
  pad,
  probePad,
  spikes,
  signal,
  hooks,
}: LoopState<Batch>): Promise<boolean> {
  const gradientsOf = compile(withDropout(lossAndGradients(method.loss, variables), policy, dropoutOf(config.adapter)));
  const seeds = (microBatch: number) => seedOf(config, optimizer.step, microBatch);
  const measured = (pad: number) => firstMeasured(method, pad, seeds, gradientsOf);
  if (optimizer.step === 0) {
    if (probePad !== null) hooks.paddingProbe(measured(pad), measured(probePad));
    const start = hooks.evaluate(0);
    if (Object.keys(start).length > 0) hooks.log({ step: 0, ...start, num_tokens: 0, samples: 0, elapsed: 0 });
  }
  const { stepsPerRollout = 1, answersPerRollout: samples = methodOf(config).rowsPerStep(config) } = method;
  let totals: Tally = new Map();
  let [tokens, gradNorm, started] = [0, 0, performance.now()];
  while (optimizer.step < totalSteps) {
    const learningRate = scheduledRate(config.optimizer, optimizer.step, totalSteps);
    if (method.beforeStep && !(await method.beforeStep(optimizer.step, signal))) {
      hooks.save(optimizer.step);
      return false;
    }
    const batches = method.batches(optimizer.step, pad);
    const stepMetrics = method.stepMetrics?.(optimizer.step);
    let leftOut = false;
    if (batches.length === 0) optimizer.skip();
    else {
      const gradients = stepGradients(batches, seeds, gradientsOf, totals);
      if (optimizer.step === 0) hooks.firstStep(means(totals), gradients);
      method.validateStep?.(optimizer.step, means(totals));
      gradNorm = optimizer.apply(gradients, learningRate, spikes?.limit());
      leftOut = spikes?.isLeftOut(gradNorm) ?? false;
      if (leftOut)
        totals = new Map(); // what it measured may not even be a number
      else method.afterStep?.(optimizer.step);
      tokens += batches.reduce((sum, micro) => sum + micro.tokens, 0);
    }
    const step = optimizer.step;
    if (step % stepsPerRollout !== 0) continue;

    const seconds = (performance.now() - started) / 1000;
    progress.samples += samples;
    progress.tokens += tokens;
    progress.elapsed += seconds;
    const row: MetricRow = {
      step,
      ...means(totals),
      ...stepMetrics,
      ...(leftOut && !Number.isFinite(gradNorm) ? {} : { grad_norm: gradNorm }),
      learning_rate: learningRate,
      tokens,
      seconds,
      tokens_per_second: tokens / seconds,
      num_tokens: progress.tokens,
      samples: progress.samples,
      elapsed: progress.elapsed,
      memory: process.memoryUsage.rss() / 1e6,
    };
    const last = step === totalSteps;
    Object.assign(row, hooks.evaluate(step));
    if (
      isDue(config.logEvery, step, stepsPerRollout) ||
      last ||
      Object.keys(row).some((name) => name.startsWith("eval_") || name.startsWith("on_policy/"))
    )
      hooks.log(row);
    if (method.distributions && isShown(step, stepsPerRollout, totalSteps, 200))
      hooks.distributions(step, method.distributions(step - 1));
    if (method.traced && isShown(step, stepsPerRollout, totalSteps, 40)) hooks.traced(step, method.traced(step - 1));
    assertFinite(row);
    if (last || signal.aborted || isDue(config.saveEvery, step, stepsPerRollout)) hooks.save(step);
    if (signal.aborted && !last) return false;
    await setImmediate(); // signals and timers get their turn
    [totals, tokens, started] = [new Map(), 0, performance.now()];
  }
  return true;
}

/** Optimiser steps of the run; whole rollouts where a method samples. */
export function totalStepsOf(
  config: RunConfig,
  rows: number,
  method: Pick<Method<never>, "stepsPerRollout" | "totalSteps">,
): number {
  const { maxSteps, epochs } = config;
  const { stepsPerRollout = 1, totalSteps = Math.ceil((epochs * rows) / methodOf(config).rowsPerStep(config)) } =
    method;
  return maxSteps === null ? totalSteps : Math.ceil(maxSteps / stepsPerRollout) * stepsPerRollout;
}

/** Whether a multiple of `every` lies in the rollout that ends at `step`. */
export const isDue = (every: number | null, step: number, stepsPerRollout: number): boolean =>
  every !== null && Math.floor(step / every) > Math.floor((step - stepsPerRollout) / every);

/** A long run shows about `most` of its rollouts in detail. */
const isShown = (step: number, stepsPerRollout: number, totalSteps: number, most: number): boolean =>
  (step / stepsPerRollout) % Math.ceil(totalSteps / stepsPerRollout / most) === 0 ||
  step === stepsPerRollout ||
  step === totalSteps;

type GradientsOf<Batch extends Tree> = (input: StepInput<Batch>) => { measured: Measured; gradients: Gradients };

/** What the first micro-batch measures. */
function firstMeasured<Batch extends Tree>(
  method: Method<Batch>,
  pad: number,
  seeds: (microBatch: number) => tf.Tensor1D,
  gradientsOf: GradientsOf<Batch>,
): Measured {
  const input = { batch: method.batches(0, pad)[0]!.build(), share: tf.scalar(1), seed: seeds(0) };
  const { measured, gradients } = gradientsOf(input);
  free([input, gradients]);
  return measured;
}

/** The gradient of the weighted mean loss of a step's micro-batches, as of one big batch. Adds what they measure to `totals`, disposes them. */
function stepGradients<Batch extends Tree>(
  batches: MicroBatch<Batch>[],
  seeds: (microBatch: number) => tf.Tensor1D,
  gradientsOf: GradientsOf<Batch>,
  totals: Tally,
): Gradients {
  const total = batches.reduce((sum, { weight }) => sum + weight, 0);
  let gradients: Gradients | null = null;
  for (const [i, { weight, build }] of batches.entries()) {
    const input = { batch: build(), share: tf.scalar(weight / total), seed: seeds(i) };
    const part = gradientsOf(input);
    free(input);
    gradients = gradients ? sumGradients(gradients, part.gradients) : part.gradients;
    tally(totals, part.measured, weight);
  }
  return gradients!;
}

function assertFinite(row: MetricRow): void {
  for (const [name, value] of Object.entries(row))
    if (!Number.isFinite(value))
      throw new Error(
        `${name} became ${value} at step ${row.step}; a lower learning rate (now ${row.learning_rate}) usually helps`,
      );
}
