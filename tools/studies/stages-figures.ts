// Table and picture of docs/stages.md: what each stage of a model brings, and what it costs those before it.
import { interval } from "../../lib/runs/compare/student";
import { type Line, scatter } from "./scatter";
import type { SftSteps } from "./sft-steps";
import type { StagesResult, Worth } from "./stages";

type Of = (worth: Worth, pretrained: Worth) => number | undefined;
/** What a stage has cost on documents that only pre-training has seen: nats a token. */
const tax = ({ sums }: Worth, pretrained: Worth) => Math.log(sums / pretrained.sums);
const columns: [title: string, of: Of, digits: number][] = [
  ["perplexity, film reviews", ({ reviews }) => reviews, 2],
  ["perplexity, sums and lists", ({ sums }) => sums, 2],
  [
    "loss on these over pre-training's, nats a token",
    (worth, before) => (worth === before ? undefined : tax(worth, before)),
    3,
  ],
  ["held-out answers, nats a token", ({ sft }) => sft, 2],
  ["their first token, nats", ({ first }) => first, 2],
  ["oracle reward", ({ gold }) => gold, 2],
  ["tokens of an answer", ({ tokens }) => tokens, 1],
  ["between praise and blame in the head", ({ apart }) => apart, 2],
  ["KL to the stage before, nats a token", ({ kl }) => kl, 2],
];

export function stagesText({ steps, documents, prompts, rewardAccuracy, stages }: StagesResult): string {
  const pretrained = stages[0]!.seeds;
  const shown = (seeds: Worth[], of: Of, digits: number) => {
    const values = seeds.map((seed, i) => of(seed, pretrained[i]!));
    if (values.some((value) => value === undefined)) return "–";
    const { mean, half } = interval(values as number[]);
    return `${mean.toFixed(digits)} ± ${half.toFixed(digits)}`;
  };
  return [
    `\`tiny\`'s architecture from random weights, ${stages[0]!.seeds.length} seeds: ${steps.pretraining} steps of 32 on ${documents.toLocaleString("en")} documents, SFT for ${steps.sft} (LoRA and the output head), a reward model for ${steps.reward} (right on ${rewardAccuracy.map((share) => `${Math.round(100 * share)} %`).join(", ")} of held-out pairs), DPO and PPO for ${steps.policy}. Perplexity a token of held-out documents; one answer at temperature 1 to each of ${prompts} held-out prompts. ± half-width of the 95 % interval over seeds.`,
    "",
    `| stage | after | ${columns.map(([title]) => title).join(" | ")} |`,
    `| --- | --- | ${columns.map(() => "---:").join(" | ")} |`,
    ...stages.map(
      ({ name, before, seeds }) =>
        `| ${name} | ${before ?? "random weights"} | ${columns.map(([, of, digits]) => shown(seeds, of, digits)).join(" | ")} |`,
    ),
  ].join("\n");
}

const ways: [name: string, colour: string, stages: string[]][] = [
  ["pre-training, SFT, DPO", "#3b6fd4", ["pre-training", "SFT", "DPO"]],
  ["pre-training, SFT, PPO", "#c2410c", ["pre-training", "SFT", "PPO"]],
  ["pre-training, SFT with documents, DPO", "#15803d", ["pre-training", "SFT with documents", "DPO after it"]],
];

/** Each way goes up with what it brings, and to the right with what it costs. */
export function stagesPicture({ stages }: StagesResult): string {
  const pretrained = stages[0]!.seeds;
  const lines = ways.map(
    ([name, colour, names]): Line => ({
      ...{ name, colour },
      points: names.map((one) => {
        const { seeds } = stages.find((stage) => stage.name === one)!;
        const { mean, half } = interval(seeds.map(({ gold }) => gold));
        return { x: interval(seeds.map((seed, i) => tax(seed, pretrained[i]!))).mean, y: mean, half };
      }),
    }),
  );
  return scatter({
    label:
      "Oracle reward after each stage of a model, over the loss added on documents that only pre-training has seen",
    x: "loss on held-out sums and lists over pre-training's, nats a token",
    y: "oracle reward of its answers",
    panels: [{ title: "the stages of a model", lines }],
  });
}

/** What more steps of SFT bring, and what more than LoRA. */
export function sftStepsText({ rows, frequencies }: SftSteps): string {
  const shown = (seeds: number[]) => seeds.map((value) => value.toFixed(3)).join(", ");
  return [
    `SFT after those 400 steps of pre-training, ${rows[0]!.heldOut.length} seeds: nats of held-out answers. By how often answers begin with it, the first word would cost ${frequencies.toFixed(2)}.`,
    "",
    "| steps of SFT | trained | a token | the first token |",
    "| ---: | --- | ---: | ---: |",
    ...rows.map(
      ({ steps, trains, heldOut, first }) => `| ${steps} | ${trains} | ${shown(heldOut)} | ${shown(first)} |`,
    ),
  ].join("\n");
}
