/**
 * A policy starts as its base, and the base's own answers should lie where the reward model's training answers do. `means` has each model's
 * mean over the first answers, in deviations from the mean of its own; they hold within half a deviation.
 */
export function checkReward(means: number[], answers: number): { holds: boolean; detail: string } {
  const largest = means.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  const measured = `the base's own answers score ${largest.toFixed(2)} deviations from the reward model's mean (${answers} answers)`;
  if (Math.abs(largest) <= 0.5) return { holds: true, detail: `${measured}, at most 0.5` };
  return {
    holds: false,
    detail: `${measured}, where about 0 is expected: it learnt from answers unlike these, or with another chat template or base. Train a reward model on this policy's own answers, or look at a few scores before you trust this run`,
  };
}
