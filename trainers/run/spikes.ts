// onSpike "rollback": a batch whose gradient is far beyond those before it is left out before anything of it reaches the weights, the
// optimiser's state or its count of updates: the run goes on as if the data had not had it. Several in a row are not the rows' fault but
// the weights': those of a checkpoint take their place, and the run goes on with the rows that follow, as was done by hand for PaLM
// (Chowdhery et al. 2022, arXiv 2204.02311, section 5.1).
import { existsSync } from "node:fs";
import { median, spikeLimit } from "../../spec/alerts";
import { loadCheckpoint, type Trained } from "./checkpoint";
import type { Resume } from "./restore";

export interface Spikes {
  /** The gradient norm up to which a batch is learnt from; undefined while too few are known. */
  limit(): number | undefined;
  /** Told of every step's gradient norm after the step; whether it was left out. Throws where no checkpoint helps. */
  isLeftOut(norm: number): boolean;
  /** A checkpoint that may be gone back to. */
  saved(checkpoint: Resume): void;
}

/** Updates that come before the first spike; those that are remembered; spikes in a row before the run goes back. */
const [fewest, remembered, most] = [10, 50, 3];

/** `checkpoints`: of earlier attempts, newest first. `rowsOf` names the rows of a step. */
export function createSpikes(
  trained: Trained,
  checkpoints: Resume[],
  rowsOf: (step: number) => string,
  note: (text: string) => void,
): Spikes {
  const { optimizer, progress } = trained;
  const newestFirst = [...checkpoints];
  const limit = () => (progress.spikes.norms.length < fewest ? undefined : spikeLimit(progress.spikes.norms));
  return {
    limit,
    saved: (checkpoint) => void newestFirst.unshift(checkpoint),
    isLeftOut(norm) {
      const highest = limit();
      const { norms, inARow, wentBack } = progress.spikes;
      if (highest === undefined || norm <= highest) {
        progress.spikes = { norms: [...norms, norm].slice(-remembered), inARow: 0, wentBack: 0 };
        return false;
      }
      const { step } = optimizer;
      note(
        `step ${step} left out: gradient norm ${norm.toPrecision(3)}, usually ${median(norms).toPrecision(3)}. Its rows: ${rowsOf(step - 1)}`,
      );
      progress.spikes = { norms, inARow: inARow + 1, wentBack };
      if (inARow + 1 < most) return true;
      const from = goBack(trained, newestFirst, wentBack);
      if (from === null)
        throw new Error(
          `the gradient norms of steps ${step - most + 1} to ${step} were beyond ${highest.toPrecision(3)}, and ${wentBack === 0 ? "there is no checkpoint to go back to" : `going back to ${wentBack} ${wentBack === 1 ? "checkpoint" : "checkpoints"} did not help`}; try a lower learning rate`,
        );
      progress.spikes = { norms, inARow: 0, wentBack: wentBack + 1 };
      note(`went back to the weights of step ${from}; what was learnt after it is left out, up to step ${step}`);
      return true;
    },
  };
}

/**
 * Puts the weights and optimiser state of a checkpoint in the place of today's, and returns its step; the run goes on after the step that it
 * is at. Of the checkpoints that were not saved between spikes, whose weights are those of the one before, the newest `tried` are left out.
 */
function goBack(trained: Trained, newestFirst: Resume[], tried: number): number | null {
  const { optimizer, progress } = trained;
  const [step, now] = [optimizer.step, { ...progress }];
  let left = tried;
  for (const { folder, manifestHash } of newestFirst.filter(({ folder }) => existsSync(folder))) {
    loadCheckpoint(folder, manifestHash, trained);
    const [from, { inARow, wentBack }] = [optimizer.step, progress.spikes];
    Object.assign(progress, now);
    if (inARow + wentBack > 0 || left-- > 0) continue;
    optimizer.resume({ step, skipped: optimizer.skipped + step - from });
    return from;
  }
  return null;
}
