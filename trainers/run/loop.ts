// The only training loop: pull a window of batches, step, log, now and then evaluate and save.
import { setImmediate } from "node:timers/promises";
import type { RunConfig } from "../../spec/config";
import type { Spread } from "../../spec/histograms";
import { methodOf } from "../../spec/methods/all";
import type { MetricRow } from "../../spec/metrics/catalogue";
import type { MicroBatch } from "../data/row-batches";
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
import { type Optimizer, scheduledRate } from "./optimizer";

export interface LoopHooks {
  log(row: MetricRow): void;
  /** Sees the first step before its update. */
  first(stats: Stats, gradients: Gradients): void;
  /** How what the step learnt from is spread. */
  spread(step: number, spread: Spread): void;
  /** Metrics of the policy as it stands, after `step` updates. */
  evaluate(step: number): Stats;
  save(step: number): void;
  /** What the first micro-batch measures, padded as usual and padded with another token. */
  padded(usual: Measured, other: Measured): void;
}

interface LoopState<Batch extends Tree> {
  config: RunConfig;
  method: Method<Batch>;
  /** The same method with another padding token; null skips the comparison. */
  twin: Method<Batch> | null;
  variables: Variables;
  optimizer: Optimizer;
  /** Counted on as the run goes. */
  progress: Progress;
  totalSteps: number;
  signal: AbortSignal;
  hooks: LoopHooks;
}

/** Trains up to `totalSteps` and saves the last step. An abort ends it after the step in hand, saved, and returns false. */
export async function train<Batch extends Tree>({
  config,
  method,
  twin,
  variables,
  optimizer,
  progress,
  totalSteps,
  signal,
  hooks,
}: LoopState<Batch>): Promise<boolean> {
  const gradientsOf = compile(lossAndGradients(method.loss, variables));
  if (optimizer.step === 0) {
    if (twin) hooks.padded(firstMeasured(method, gradientsOf), firstMeasured(twin, gradientsOf));
    const start = hooks.evaluate(0);
    if (Object.keys(start).length > 0) hooks.log({ step: 0, ...start, num_tokens: 0, samples: 0, elapsed: 0 });
  }
  const { cycle = 1, samples = methodOf(config).rowsPerStep(config) } = method;
  let totals: Tally = new Map();
  let [tokens, gradNorm, started] = [0, 0, performance.now()];
  while (optimizer.step < totalSteps) {
    const learningRate = scheduledRate(config.optimizer, optimizer.step, totalSteps);
    if (method.ready && !(await method.ready(optimizer.step, signal))) {
      hooks.save(optimizer.step);
      return false;
    }
    const window = method.batches(optimizer.step);
    const about = method.about?.(optimizer.step);
    if (window.length === 0) optimizer.skip();
    else {
      const gradients = windowGradients(window, gradientsOf, totals);
      if (optimizer.step === 0) hooks.first(means(totals), gradients);
      method.verify?.(optimizer.step, means(totals));
      gradNorm = optimizer.apply(gradients, learningRate);
      tokens += window.reduce((sum, micro) => sum + micro.tokens, 0);
    }
    const step = optimizer.step;
    if (step % cycle !== 0) continue;

    const seconds = (performance.now() - started) / 1000;
    progress.samples += samples;
    progress.tokens += tokens;
    progress.elapsed += seconds;
    const row: MetricRow = {
      step,
      ...means(totals),
      ...about,
      grad_norm: gradNorm,
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
      isDue(config.logEvery, step, cycle) ||
      last ||
      Object.keys(row).some((name) => name.startsWith("eval_") || name.startsWith("on_policy/"))
    )
      hooks.log(row);
    if (method.spread && isShown(step, cycle, totalSteps)) hooks.spread(step, method.spread(step - 1));
    assertFinite(row);
    if (last || signal.aborted || isDue(config.saveEvery, step, cycle)) hooks.save(step);
    if (signal.aborted && !last) return false;
    await setImmediate(); // signals and timers get their turn
    [totals, tokens, started] = [new Map(), 0, performance.now()];
  }
  return true;
}

/** Whether a multiple of `every` lies in the cycle that ends at `step`. */
export const isDue = (every: number | null, step: number, cycle: number): boolean =>
  every !== null && Math.floor(step / every) > Math.floor((step - cycle) / every);

/** A long run shows about two hundred of its cycles in detail. */
const isShown = (step: number, cycle: number, totalSteps: number): boolean =>
  (step / cycle) % Math.ceil(totalSteps / cycle / 200) === 0 || step === cycle || step === totalSteps;

/** What the first micro-batch measures. */
function firstMeasured<Batch extends Tree>(
  method: Method<Batch>,
  gradientsOf: ReturnType<typeof lossAndGradients<Batch>>,
): Measured {
  const input = { batch: method.batches(0)[0]!.build(), share: tf.scalar(1) };
  const { measured, gradients } = gradientsOf(input);
  free([input, gradients]);
  return measured;
}

/** The gradient of the window's weighted mean loss: micro-batches equal the big batch. Adds what they measure to `totals`, disposes them. */
function windowGradients<Batch extends Tree>(
  window: MicroBatch<Batch>[],
  gradientsOf: ReturnType<typeof lossAndGradients<Batch>>,
  totals: Tally,
): Gradients {
  const total = window.reduce((sum, { weight }) => sum + weight, 0);
  let gradients: Gradients | null = null;
  for (const { weight, build } of window) {
    const input = { batch: build(), share: tf.scalar(weight / total) };
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
