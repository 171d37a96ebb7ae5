// Tables of docs/behaviour.md: means over seeds with Student's 95 % interval.
import { interval } from "../../lib/runs/compare/student";
import type { MetricName } from "../../spec/metrics/catalogue";
import type { BehaviourResult } from "./behaviour";

type Study = BehaviourResult["studies"][number];
type Seed = Study["settings"][number]["seeds"][number];

const change = (name: MetricName) => (seed: Seed) => (seed.end[name] ?? 0) - (seed.start[name] ?? 0);
const end = (name: MetricName) => (seed: Seed) => seed.end[name] ?? 0;

const titles: Record<string, string> = {
  "near-duplicates": "Pairs that differ in one word",
  length: "The better answer is the longer one in three of four pairs",
  imbalance: "KTO, and how many good answers there are for each bad one",
};

const columns: [title: string, value: (seed: Seed) => number][] = [
  ["held-out chosen log-prob, change in nats", change("eval_logps/chosen")],
  ["rejected", change("eval_logps/rejected")],
  ["answer length, change in tokens", change("on_policy/length")],
  ["oracle reward, change", change("on_policy/gold")],
  ["KL at the end, nats", end("on_policy/kl")],
];

export function behaviourText({ steps, studies }: BehaviourResult): string {
  return studies.map((study) => table(study, steps)).join("\n\n");
}

function table({ id, settings }: Study, steps: number): string {
  const cell = (value: (seed: Seed) => number, seeds: Seed[]) => {
    const { mean, half } = interval(seeds.map(value));
    return `${mean.toFixed(2)} ± ${half.toFixed(2)}`;
  };
  return [
    `### ${titles[id]}`,
    "",
    `${steps} steps on \`tiny\`, ${settings[0]!.seeds.length} seeds; mean ± half-width of the 95 % interval over the seeds.`,
    "",
    `| | ${columns.map(([title]) => title).join(" | ")} |`,
    `| --- | ${columns.map(() => "---:").join(" | ")} |`,
    ...settings.map(({ name, seeds }) => `| ${name} | ${columns.map(([, value]) => cell(value, seeds)).join(" | ")} |`),
  ].join("\n");
}
