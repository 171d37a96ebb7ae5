// What a run does around its optimiser steps, called by the loop: report, check, evaluate, save.
import { checkpointPath } from "../../common/checkpoints";
import type { createWatch } from "../../spec/alerts";
import type { RunConfig } from "../../spec/config";
import { type DistributionName, histogramOf } from "../../spec/histograms";
import { startsAtReference } from "../../spec/starts-at-reference";
import type { Stats } from "../engine/gradients";
import { scoreTolerance } from "../inference/reference";
import type { Method } from "../methods/method";
import { bestKeeper, saveCheckpoint, type Trained } from "./checkpoint";
import { checkFreshAdapter, checkPadding, checkStart } from "./checks";
import type { Evaluations } from "./evaluate";
import type { LoopHooks } from "./loop";
import type { Observer } from "./observer";
import type { Spikes } from "./spikes";

interface Parts {
  observer: Observer;
  trained: Trained;
  evaluations: Evaluations;
  /** The method's scores of its rows under the reference, if it has a reference. */
  referenceScores: Method<never>["referenceScores"];
  /** Coefficient of the load-balancing loss. */
  balance: number;
  isMixture: boolean;
  spikes: Spikes | null;
  attempt: number;
  watch: ReturnType<typeof createWatch>;
  /** Called at the first alert, where the config asks for it. */
  stop(): void;
}

export function createHooks(config: RunConfig, parts: Parts): LoopHooks {
  const { observer, trained, evaluations, referenceScores, balance, isMixture, spikes, attempt, watch, stop } = parts;
  const rounding = isMixture ? scoreTolerance[config.model.dtype] : null;
  const isFresh = config.adapter?.init === undefined;
  const keepBest = bestKeeper(config.output, trained);

  return {
    log(row) {
      observer.metrics(row);
      for (const alert of watch(row)) {
        observer.alert(alert);
        if (config.stopOnAlert) stop();
      }
    },
    paddingProbe: (usual, other) => observer.checked(checkPadding(usual, other, rounding)),
    firstStep(stats, gradients) {
      const still = isFresh && trained.adapter && checkFreshAdapter(trained.adapter, gradients);
      if (still) observer.checked(still);
      if (referenceScores && "reference" in config && startsAtReference(config))
        observer.checked(checkStart(config, stats, balance));
    },
    distributions(step, distributions) {
      for (const [name, values] of Object.entries(distributions) as [DistributionName, number[]][]) {
        const histogram = histogramOf(values);
        if (histogram) observer.histogram(step, name, histogram);
      }
    },
    traced: observer.rollouts,
    evaluate: (step) => trained.optimizer.atAverage(() => evaluate(step)),
    save(step) {
      const folder = checkpointPath(config.output, step, attempt);
      const hash = trained.optimizer.atAverage(() => saveCheckpoint(folder, step, trained));
      observer.checkpoint(step, folder, hash);
      spikes?.saved({ folder, manifestHash: hash });
    },
  };

  function evaluate(step: number): Stats {
    const stats = evaluations.heldOut(step);
    const loss = stats?.eval_loss;
    if (step > 0 && loss !== undefined && keepBest(step, loss))
      observer.note(`best so far: step ${step}, held-out loss ${loss.toPrecision(4)}, saved in best/`);
    const sampled = evaluations.onPolicy(step);
    if (sampled) observer.answers(step, sampled.answers);
    return { ...stats, ...sampled?.stats };
  }
}
