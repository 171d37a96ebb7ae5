// docs/train.md's table of sweeps, from what `npm run sweeps` measured.

/** results/sweeps.json */
export interface SweepsResult {
  machine: string;
  cores: number;
  rates: number[];
  steps: number;
  firstRung: number;
  factor: number;
  sweeps: {
    /** Runs at once. */
    atOnce: number;
    /** Whether weak runs were stopped early. */
    early: boolean;
    seconds: number;
    /** Of all runs together. */
    steps: number;
    finished: number;
    best: { rate: string; loss: number };
  }[];
}

export function sweepsText({ machine, cores, rates, steps, firstRung, factor, sweeps }: SweepsResult): string {
  const [slowest] = sweeps;
  const rows = sweeps.map(({ atOnce, early, seconds, steps, finished, best }) => [
    `${atOnce === 1 ? "one at a time" : `${atOnce} at once`}, ${early ? "weak runs stopped early" : "all to their end"}`,
    `${seconds.toFixed(0)} s (${(seconds / slowest!.seconds).toFixed(2)} of the first)`,
    `${steps.toLocaleString("en")} in all; ${finished} of ${rates.length} to the end`,
    `${best.loss.toFixed(4)} at ${best.rate}`,
  ]);
  const about = `DPO of the tiny model over ${rates.length} learning rates, ${steps} steps each, compared first at step ${firstRung}, then ${factor} times as far. Measured once on ${cores} cores of ${machine} (\`npm run sweeps\`).`;
  const lines = [["", "time", "steps", "held-out loss of the best"], ["---", "---", "---", "---"], ...rows];
  return [about, "", ...lines.map((cells) => `| ${cells.join(" | ")} |`)].join("\n");
}
