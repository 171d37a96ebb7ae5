// Table of docs/methods.md: what DPO makes of pairs that were sampled in different ways.
import { interval } from "../../lib/runs/compare/student";
import { mean } from "../../spec/statistics";
import type { TreePairsResult } from "./tree-pairs";

type Seed = TreePairsResult["ways"][number]["seeds"][number];

export function treePairsText({ steps, base, ways }: TreePairsResult): string {
  const spread = (seeds: Seed[], of: (seed: Seed) => number) => {
    const { mean, half } = interval(seeds.map(of));
    return `${mean.toFixed(2)} ± ${half.toFixed(2)}`;
  };
  const count = (seeds: Seed[], of: (seed: Seed) => number) => Math.round(mean(seeds.map(of))).toLocaleString("en");
  return [
    `${steps} steps of DPO on film reviews, a sentence a step, by \`tiny\` after SFT; ${ways[0]!.seeds.length} seeds, ± half-width of the 95 % interval over them.`,
    "",
    "| pairs from | tokens sampled | pairs | oracle reward, held-out prompts | sentences |",
    "| --- | ---: | ---: | ---: | ---: |",
    `| none: the base | | | ${base.gold.toFixed(2)} | ${base.sentences.toFixed(2)} |`,
    ...ways.map(
      ({ name, seeds }) =>
        `| ${name} | ${count(seeds, ({ tokens }) => tokens)} | ${count(seeds, ({ pairs }) => pairs)} | ${spread(seeds, ({ gold }) => gold)} | ${spread(seeds, ({ sentences }) => sentences)} |`,
    ),
  ].join("\n");
}
