// Tables and pictures of docs/frontier.md: oracle reward over distance from the reference, means over seeds.

import { interval } from "../../lib/runs/compare/student";
import type { FrontierResult, Place } from "./frontier";
import { type Line, scatter } from "./scatter";

/** One setting of a method after some steps: a list with one place a seed. */
interface Point {
  method: string;
  strength: number;
  step: number;
  places: Place[];
}

const pointsOf = ({ methods }: FrontierResult): Point[] =>
  methods.flatMap(({ name, strengths }) =>
    strengths.flatMap(({ value, seeds }) =>
      seeds[0]!.map(({ step }, at) => ({
        method: name,
        strength: value,
        step,
        places: seeds.map((places) => places[at]!),
      })),
    ),
  );

const meanOf = ({ places }: Point, name: keyof Place) => interval(places.map((place) => place[name])).mean;
const shown = ({ mean, half }: { mean: number; half: number }) => `${mean.toFixed(2)} ± ${half.toFixed(2)}`;
const cell = ({ places }: Point, name: keyof Place) => shown(interval(places.map((place) => place[name])));

const budgets = [0.5, 1, 2, 4, 8];

export function frontierText(result: FrontierResult): string {
  return [atBudget(result), ends(result)].join("\n\n");
}

/** The best that each method reaches within a distance: of its settings and steps, the one with the highest mean. */
function atBudget(result: FrontierResult): string {
  const points = pointsOf(result);
  const row = (name: string) => {
    const cells = budgets.map((budget) => {
      const within = points.filter((point) => point.method === name && meanOf(point, "kl") <= budget);
      const best = within.toSorted((a, b) => meanOf(b, "gold") - meanOf(a, "gold"))[0];
      return best ? cell(best, "gold") : "";
    });
    return `| ${name} | ${cells.join(" | ")} |`;
  };
  const kept = result.bestOfN.map(({ judge, curves }) => {
    const cells = budgets.map((budget) => {
      const at = curves[0]!.findLastIndex(({ kl }) => kl <= budget);
      const golds = curves.map((curve) => curve[at]!.gold);
      return golds.length > 1 ? shown(interval(golds)) : golds[0]!.toFixed(2);
    });
    return `| best of n, by ${judge === "gold" ? "oracle reward" : "the reward model"} | ${cells.join(" | ")} |`;
  });
  const seeds = result.methods[0]!.strengths[0]!.seeds.length;
  return [
    "### Oracle reward within a distance",
    "",
    `The best mean over ${seeds} seeds that any setting and step of a method reaches within so many nats of the base; ± half-width of the 95 % interval over seeds. ${result.pairs.toLocaleString("en")} pairs, ${result.prompts} held-out prompts.`,
    "",
    `| | ${budgets.map((budget) => `≤ ${budget} nats`).join(" | ")} |`,
    `| --- | ${budgets.map(() => "---:").join(" | ")} |`,
    ...result.methods.map(({ name }) => row(name)),
    ...kept,
  ].join("\n");
}

/** Where each setting ends. */
function ends(result: FrontierResult): string {
  const points = pointsOf(result);
  const last = points.filter((point, at) => {
    const next = points[at + 1];
    return next?.method !== point.method || next.strength !== point.strength;
  });
  return [
    "### At the end of training",
    "",
    "| | β | steps | KL, nats | oracle reward | win rate against the base | length, tokens |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...last.map(
      (point) =>
        `| ${point.method} | ${point.strength} | ${point.step} | ${cell(point, "kl")} | ${cell(point, "gold")} | ${cell(point, "winRate")} | ${cell(point, "length")} |`,
    ),
  ].join("\n");
}

const colours: Record<string, string> = {
  DPO: "#3b6fd4",
  IPO: "#0f9d8a",
  SimPO: "#c2410c",
  KTO: "#8b5cf6",
  "PPO, oracle reward": "#3b6fd4",
  "PPO, reward model": "#c2410c",
  "iterative DPO, gold judge": "#0f9d8a",
  "RLOO, reward model": "#8b5cf6",
  "GRPO, reward model": "#a16207",
};

export function frontierPicture(result: FrontierResult): string {
  const points = pointsOf(result);
  const paths = ({ name, strengths }: FrontierResult["methods"][number]): Line[] =>
    strengths.map(({ value }) => ({
      name,
      colour: colours[name]!,
      points: points
        .filter((point) => point.method === name && point.strength === value)
        .map((point) => ({
          x: Math.sqrt(meanOf(point, "kl")),
          y: meanOf(point, "gold"),
          half: interval(point.places.map(({ gold }) => gold)).half,
        })),
    }));
  const base: Line[] = result.bestOfN
    .filter(({ judge }) => judge === "gold")
    .map(({ curves }) => ({
      name: "best of n, oracle reward",
      colour: "#6b7280",
      points: curves[0]!.map(({ kl, gold }) => ({ x: Math.sqrt(kl), y: gold, half: 0 })),
    }));
  const isOnline = ({ name }: { name: string }) => /^(PPO|RLOO|GRPO|iterative)/.test(name);
  return scatter({
    label: "Oracle reward over the square root of the KL to the base, by method",
    x: "√KL to the base, √nats",
    y: "oracle reward",
    panels: [
      { title: "from pairs alone", lines: [...base, ...result.methods.filter((m) => !isOnline(m)).flatMap(paths)] },
      { title: "from its own answers", lines: [...base, ...result.methods.filter(isOnline).flatMap(paths)] },
    ],
  });
}
