// Tables and picture of docs/derivation.md: DPO's implicit reward beside the oracle's, and PPO beside DPO.
import { interval } from "../../lib/runs/compare/student";
import { deviation } from "../../spec/statistics";
import type { FrontierResult, Place } from "./frontier";
import type { Agreement, ImplicitRewardResult } from "./implicit-reward";
import { type Line, scatter } from "./scatter";

const shown = (values: number[]) => {
  const { mean, half } = interval(values);
  return `${mean.toFixed(2)} ± ${half.toFixed(2)}`;
};

function table(titles: string[], rows: string[][]): string {
  return [
    `| ${titles.join(" | ")} |`,
    `| ${titles.map((_, i) => (i === 0 ? "---" : "---:")).join(" | ")} |`,
    ...rows.map((cells) => `| ${cells.join(" | ")} |`),
  ].join("\n");
}

export function implicitRewardText({ pairs, prompts, answers, steps, rewards }: ImplicitRewardResult): string {
  const of = (seeds: Agreement[], name: "correlation" | "acrossPrompts" | "slope" | "accuracy") =>
    shown(seeds.map((seed) => seed[name]));
  return [
    "### The implicit reward beside the oracle's",
    "",
    `\`tiny\`, ${pairs.toLocaleString("en")} pairs labelled as Bradley and Terry say from the oracle reward, DPO for ${steps} steps of 16; measured on ${answers.toLocaleString("en")} answers to ${prompts} held-out prompts. ${rewards[0]!.seeds.length} seeds; ± half-width of the 95 % interval.`,
    "",
    table(
      [
        ...["learnt reward", "correlation, answers to one prompt", "the same, all answers"],
        ...["slope", "the same, training prompts", "right order"],
      ],
      rewards.map(({ name, seeds, trained }) => [
        name,
        of(seeds, "correlation"),
        of(seeds, "acrossPrompts"),
        of(seeds, "slope"),
        shown(trained),
        of(seeds, "accuracy"),
      ]),
    ),
  ].join("\n");
}

const colours = ["#3b6fd4", "#c2410c", "#7c3aed", "#0f9d8a"];
/** Margins of which there are too few pairs to mean anything. */
const leastPairs = 50;

export function implicitRewardPicture({ rewards }: ImplicitRewardResult): string {
  const learnt = rewards.map(({ name, seeds }, i): Line => {
    const margins = seeds[0]!.byMargin.filter(({ pairs }) => pairs >= leastPairs).map(({ margin }) => margin);
    const at = (margin: number) => seeds.map(({ byMargin }) => byMargin.find((one) => one.margin === margin)!.learnt);
    const points = margins.map((margin) => {
      const { mean, half } = interval(at(margin));
      return { x: margin, y: mean, half };
    });
    return { name, colour: colours[i]!, points: [{ x: 0, y: 0, half: 0 }, ...points] };
  });
  const farthest = Math.max(...learnt.flatMap(({ points }) => points.map(({ x }) => x)));
  const ends = [0, farthest].map((x) => ({ x, y: x, half: 0 }));
  const theory: Line = { name: "slope one, equation 5", colour: "#6b7280", dashed: true, points: ends };
  return scatter({
    label: "Difference of the learnt reward over that of the oracle reward, two answers to one held-out prompt",
    x: "difference of the oracle reward",
    y: "difference of the learnt reward",
    panels: [{ title: "Two answers to one held-out prompt", lines: [theory, ...learnt] }],
  });
}

/** Of these methods of results/frontier.json: what training holds and learns from, and how many samples a step takes. */
const compared: Record<string, { holds: string; learns: string; perStep: number }> = {
  DPO: { holds: "policy, reference", learns: "pairs, once collected", perStep: 16 },
  "PPO, oracle reward": {
    holds: "policy, reference, critic",
    learns: "its completions, scored by a program",
    perStep: 16, // 64 completions, two epochs in two mini-batches: four steps
  },
  "PPO, reward model": {
    holds: "policy, reference, critic, reward model",
    learns: "its completions, and pairs through the reward model",
    perStep: 16,
  },
};
const target = 1;

export function ppoBesideDpoText({ methods }: FrontierResult): string {
  const rows = methods
    .filter(({ name }) => name in compared)
    .flatMap(({ name, strengths }) =>
      strengths.map(({ value, seeds }) => rowOf(`${name}, β ${value}`, compared[name]!, seeds)),
    );
  return [
    "### Models, samples and variation between seeds",
    "",
    `The runs of [reward against KL](frontier.md), five seeds each, evaluated every 40 of 160 steps. A sample is a pair of the data, or a completion of the policy. Deviation: of the oracle reward at the end, between seeds.`,
    "",
    table(
      [
        "",
        "models held",
        "learns from",
        "samples in all",
        `seeds that found ${target}`,
        "after samples",
        "oracle reward at the end",
        "KL, nats",
        "deviation",
      ],
      rows,
    ),
  ].join("\n");
}

function rowOf(name: string, { holds, learns, perStep }: (typeof compared)[string], seeds: Place[][]): string[] {
  const first = seeds.flatMap((places) => places.find(({ gold }) => gold >= target)?.step ?? []);
  const ends = seeds.map((places) => places.at(-1)!);
  const golds = ends.map(({ gold }) => gold);
  return [
    name,
    holds,
    learns,
    (perStep * ends[0]!.step).toLocaleString("en"),
    `${first.length} of ${seeds.length}`,
    first.length === 0 ? "–" : Math.round(perStep * interval(first).mean).toLocaleString("en"),
    shown(golds),
    shown(ends.map(({ kl }) => kl)),
    deviation(golds).toFixed(2),
  ];
}
