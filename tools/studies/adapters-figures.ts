// Tables of docs/adapters.md: every kind of fine-tuning on one task, on `tiny` over seeds and on SmolLM2 once.
import { interval } from "../../lib/runs/compare/student";
import type { AdaptersResult, Outcome, SmollmResult, Stand } from "./adapters";

const shown = (values: number[]) => {
  const { mean, half } = interval(values);
  return `${Math.abs(mean) < 0.005 ? "0.00" : mean.toFixed(2)} ± ${half.toFixed(2)}`;
};
const count = (parameters: number) => parameters.toLocaleString("en");

function table(titles: string[], rows: (string | number)[][]): string {
  const [first, ...others] = titles;
  return [
    `| ${first} | ${others.join(" | ")} |`,
    `| --- | ${others.map(() => "---:").join(" | ")} |`,
    ...rows.map((cells) => `| ${cells.join(" | ")} |`),
  ].join("\n");
}

/** Of the steps within the budget, on the mean of the seeds, the one that finds most: a stand a seed. */
function best(seeds: Outcome[], budget: number): Stand[] {
  const steps = seeds[0]!.stands.map((_, at) => seeds.map(({ stands }) => stands[at]!));
  const mean = (stands: Stand[], of: (stand: Stand) => number) => interval(stands.map(of)).mean;
  const within = steps.filter((stands) => mean(stands, ({ kl }) => kl!) <= budget);
  return within.toSorted((a, b) => mean(b, ({ gold }) => gold) - mean(a, ({ gold }) => gold))[0]!;
}

/** Of the same step of each seed, beside the base's. */
const standCells = (stands: Stand[], bases: Stand[]) => [
  stands[0]!.step,
  shown(stands.map(({ gold }) => gold)),
  shown(stands.map(({ kl }) => kl!)),
  shown(stands.map(({ perplexity }, seed) => perplexity / bases[seed]!.perplexity)),
];

export function adaptersText({ budget, pairs, steps, batchSize, prompts, sampleEvery, kinds }: AdaptersResult): string {
  const bases = kinds[0]!.seeds.map(({ stands }) => stands[0]!); // every weight begins as the base
  return [
    "### On `tiny`",
    "",
    `DPO with β 0.1, ${steps} steps of ${batchSize} of ${pairs.toLocaleString("en")} pairs, ${prompts} held-out prompts, ${kinds[0]!.seeds.length} seeds; mean ± half-width of the 95 % interval over the seeds, at the step, of each ${sampleEvery}th, that finds most within ${budget} nats. The learning rate is that of three that does best with a seed that is not reported. Perplexity of general text is given over the base's.`,
    "",
    table(
      ["", "trained parameters", "learning rate", "step", "oracle reward", "KL, nats", "perplexity, ratio"],
      [
        ["the base", "", "", ...standCells(bases, bases)],
        ...kinds.map(({ name, learningRate, seeds }) => [
          ...[name, count(seeds[0]!.parameters), learningRate],
          ...standCells(best(seeds, budget), bases),
        ]),
      ],
    ),
  ].join("\n");
}

export function smollmText({ steps, batchSize, prompts, kinds }: SmollmResult): string {
  const base = kinds[0]!.outcome.stands[0]!;
  return [
    "### On SmolLM2-135M-Instruct",
    "",
    `SFT on the chosen answers of the same pairs, ${steps} steps of ${batchSize}, ${prompts} held-out prompts, one seed, two cores. Time is the median of the steps; memory is the peak of the whole run (VmHWM). KL is not measured where SFT trains every weight, since no base is held beside it. The base's oracle reward is ${base.gold.toFixed(2)}.`,
    "",
    table(
      [
        ...["", "trained parameters", "learning rate", "s a step", "peak, GB"],
        ...["oracle reward", "KL, nats", "perplexity, ratio"],
      ],
      kinds.map(({ name, learningRate, outcome }) => {
        const { gold, kl, perplexity } = outcome.stands.at(-1)!;
        return [
          name,
          count(outcome.parameters),
          learningRate,
          outcome.stepSeconds.toFixed(2),
          (outcome.peak / 1e9).toFixed(2),
          gold.toFixed(2),
          kl?.toFixed(2) ?? "–",
          (perplexity / base.perplexity).toFixed(2),
        ];
      }),
    ),
  ].join("\n");
}
