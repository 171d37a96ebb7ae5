// Tables of docs/adapters.md: every kind of fine-tuning on one task, on `tiny` over seeds and on SmolLM2 once.
import { interval } from "../../lib/runs/compare/student";
import type { AdaptersResult, Outcome } from "./adapters";

const shown = (values: number[], digits = 2) => {
  const { mean, half } = interval(values);
  return `${mean.toFixed(digits)} ± ${half.toFixed(digits)}`;
};
const count = (parameters: number) => parameters.toLocaleString("en");
const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(2);

function table(titles: string[], rows: (string | number)[][]): string {
  const [first, ...others] = titles;
  return [
    `| ${first} | ${others.join(" | ")} |`,
    `| --- | ${others.map(() => "---:").join(" | ")} |`,
    ...rows.map((cells) => `| ${cells.join(" | ")} |`),
  ].join("\n");
}

export function adaptersText({ pairs, tiny, smollm2 }: AdaptersResult): string {
  const on = (seeds: Outcome[], of: (outcome: Outcome) => number) => shown(seeds.map(of));
  return [
    "### On `tiny`",
    "",
    `DPO with β 0.1, ${tiny.steps} steps on ${pairs.toLocaleString("en")} pairs, ${tiny.prompts} held-out prompts, ${tiny.kinds[0]!.seeds.length} seeds; mean ± half-width of the 95 % interval over the seeds. The learning rate is that of three that finds most with a seed that is not reported. Perplexity of general text is given over the base's.`,
    "",
    table(
      ["", "trained parameters", "learning rate", "oracle reward", "KL, nats", "perplexity, ratio"],
      tiny.kinds.map(({ name, learningRate, seeds }) => [
        name,
        count(seeds[0]!.parameters),
        learningRate,
        on(seeds, ({ gold }) => gold),
        on(seeds, ({ kl }) => kl),
        on(seeds, ({ perplexityRatio }) => perplexityRatio),
      ]),
    ),
    "",
    "### On SmolLM2-135M-Instruct",
    "",
    `The same pairs, ${smollm2.steps} steps of 4 pairs, ${smollm2.prompts} held-out prompts, one seed, two cores. Time is the median of the steps; memory is the peak of the whole run (VmHWM).`,
    "",
    table(
      [
        "",
        "trained parameters",
        "learning rate",
        "s a step",
        "peak, GB",
        "oracle reward",
        "KL, nats",
        "perplexity, ratio",
      ],
      smollm2.kinds.map(({ name, learningRate, outcome }) => [
        name,
        count(outcome.parameters),
        learningRate,
        outcome.stepSeconds.toFixed(2),
        gigabytes(outcome.peak),
        outcome.gold.toFixed(2),
        outcome.kl.toFixed(2),
        outcome.perplexityRatio.toFixed(2),
      ]),
    ),
  ].join("\n");
}
