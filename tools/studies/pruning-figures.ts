// Table and picture of docs/compression.md: what is left of a tuned model by the share of its weights that is zero.
import { interval } from "../../lib/runs/compare/student";
import type { Left, PruningResult } from "./pruning";
import { type Line, scatter } from "./scatter";

const columns: [title: string, of: keyof Left][] = [
  ["oracle reward", "gold"],
  ["KL a token, nats", "kl"],
  ["perplexity", "perplexity"],
];

export function pruningText({ steps, prompts, ways }: PruningResult): string {
  const levels = ways[0]!.levels;
  const shown = (seeds: Left[], of: keyof Left) => {
    const { mean, half } = interval(seeds.map((seed) => seed[of]));
    return `${mean.toPrecision(3)} ± ${half.toPrecision(2)}`;
  };
  const titles = columns.flatMap(([title]) => ways.map(({ name }) => `${title}, ${name}`));
  return [
    `\`tiny\` after ${steps} steps of DPO, ${levels[0]!.seeds.length} seeds, calibrated on 128 rows of its training data; oracle reward of one answer to each of ${prompts} held-out prompts, KL of the unpruned model to the pruned along the unpruned one's answers, perplexity of the better held-out reviews. ± half-width of the 95 % interval over seeds.`,
    "",
    `| weights that are zero | ${titles.join(" | ")} |`,
    `| ---: | ${titles.map(() => "---:").join(" | ")} |`,
    ...levels.map(({ sparsity }, i) => {
      const cells = columns.flatMap(([, of]) => ways.map(({ levels }) => shown(levels[i]!.seeds, of)));
      return `| ${Math.round(100 * sparsity)} % | ${cells.join(" | ")} |`;
    }),
  ].join("\n");
}

const colours = ["#3b6fd4", "#c2410c", "#6b7280"];

export function pruningPicture({ ways }: PruningResult): string {
  const lines = ways.map(
    ({ name, levels }, i): Line => ({
      name,
      colour: colours[i]!,
      dashed: name === "at random",
      points: levels.map(({ sparsity, seeds }) => {
        const { mean, half } = interval(seeds.map(({ gold }) => gold));
        return { x: sparsity, y: mean, half };
      }),
    }),
  );
  return scatter({
    label: "Oracle reward of a tuned model by the share of its weights that is zero, pruned in three ways",
    x: "share of the weights that is zero",
    y: "oracle reward of its answers",
    panels: [{ title: "tiny after DPO, pruned", lines }],
  });
}
