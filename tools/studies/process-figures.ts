// Table of docs/methods.md: GRPO of a process reward model's verdict and of its steps.
import { interval } from "../../lib/runs/compare/student";
import { mean } from "../../spec/statistics";
import type { ProcessResult } from "./process-supervision";

type Seed = ProcessResult["oracle"][number];

export function processText({ updates, base, oracle, labels }: ProcessResult): string {
  const spread = (seeds: Seed[], of: (seed: Seed) => number, digits = 2) => {
    const { mean, half } = interval(seeds.map(of));
    return `${mean.toFixed(digits)} ± ${half.toFixed(digits)}`;
  };
  const row = (right: string, name: string, seeds: Seed[]) =>
    `| ${right} | ${name} | ${spread(seeds, ({ gold }) => gold)} | ${spread(seeds, ({ best }) => best)} | ${spread(seeds, ({ kl }) => kl, 1)} | ${spread(seeds, ({ tokens }) => tokens, 1)} | ${spread(seeds, ({ sentences }) => sentences)} |`;
  const percent = (share: number) => Math.round(100 * share);
  const judged = labels.map(
    ({ right, share, accuracy }) =>
      `${percent(share)} % of sentences are right where that is one that ${right}, and the models call ${percent(mean(accuracy))} % of held-out ones as the oracle does`,
  );
  return [
    `${updates} updates of GRPO on film reviews by \`tiny\`; ${oracle.length} seeds, ± half-width of the 95 % interval over them. ${judged.join("; ")}.`,
    "",
    "| a right sentence | GRPO of | oracle reward, held-out prompts | at its best, training prompts | KL, nats | tokens | sentences |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    `| | nothing: the base | ${base.gold.toFixed(2)} | | 0 | ${base.tokens.toFixed(1)} | ${base.sentences.toFixed(2)} |`,
    ...labels.flatMap(({ right, ways }) => ways.map(({ name, seeds }) => row(right, name, seeds))),
    row("", "the oracle's reward", oracle),
  ].join("\n");
}
