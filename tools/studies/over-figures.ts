// Tables and pictures of docs/over-optimisation.md: what a learned reward promises beside what its policy is worth.
import { interval } from "../../lib/runs/compare/student";
import { type Fit, fitBestOfN, fitLearning } from "./fit";
import type { OverOptimisationResult, Pushed } from "./over-optimisation";
import { type Line, scatter } from "./scatter";

type Setting = OverOptimisationResult["settings"][number];

const nameOf = ({ pairs, ensemble }: Setting) =>
  `${pairs.toLocaleString("en")} pairs${ensemble > 1 ? `, least of ${ensemble}` : ""}`;
const shown = ({ mean, half }: { mean: number; half: number }) => `${mean.toFixed(2)} ± ${half.toFixed(2)}`;

/** Each seed's place after the same steps, in the order of training. Scores are over their start: every reward model has its own zero. */
const steps = ({ seeds }: Setting): Pushed[][] =>
  seeds[0]!.map((_, at) => seeds.map((places) => ({ ...places[at]!, proxy: places[at]!.proxy - places[0]!.proxy })));
const of = (places: Pushed[], name: "kl" | "gold" | "proxy") => interval(places.map((place) => place[name]));

export function overText({ settings }: OverOptimisationResult): string {
  return [learnt(settings), kept(settings)].join("\n\n");
}

function learnt(settings: Setting[]): string {
  const rows = settings.map((setting) => {
    const places = steps(setting);
    const best = places.toSorted((a, b) => of(b, "gold").mean - of(a, "gold").mean)[0]!;
    const last = places.at(-1)!;
    const { alpha, beta, r2, peak } = fitOf(setting);
    return `| ${nameOf(setting)} | ${100 * setting.noise} % | ${shown(of(best, "gold"))} at ${of(best, "kl").mean.toFixed(1)} | ${shown(of(last, "gold"))} at ${of(last, "kl").mean.toFixed(1)} | ${shown(of(last, "proxy"))} | ${alpha.toFixed(2)} | ${beta.toFixed(2)} | ${peakText(peak)} | ${share(r2)} |`;
  });
  return [
    "### PPO against a learned reward, with no KL penalty",
    "",
    `${settings[0]!.seeds.length} seeds; ± half-width of the 95 % interval over seeds. α, β and the peak (nats) are those of R(d) = d (α − β log d), d = √KL, fitted to the oracle reward over its start of all seeds and steps; R² is the share of its variance that the curve explains.`,
    "",
    "| reward model learnt from | labels flipped | best oracle reward, at nats | last oracle reward, at nats | by how much the reward model's score rose | α | β | peak | R² |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
  ].join("\n");
}

function kept(settings: Setting[]): string {
  const rows = settings.flatMap((setting) => {
    if (!setting.bestOfN) return [];
    const { curves } = setting.bestOfN;
    const last = curves.map((curve) => curve.at(-1)!);
    const points = curves.flatMap((curve) =>
      curve.map(({ kl, gold }) => ({ d: Math.sqrt(kl), reward: gold - curve[0]!.gold })),
    );
    const { alpha, beta, r2 } = fitBestOfN(points);
    return [
      `| ${nameOf(setting)} | ${100 * setting.noise} % | ${shown(interval(last.map(({ gold }) => gold)))} | ${shown(interval(last.map(({ judged }) => judged)))} | ${alpha.toFixed(2)} | ${beta.toFixed(2)} | ${share(r2)} |`,
    ];
  });
  return [
    "### Best of 64 by the same reward models",
    "",
    "No training; α and β are those of R(d) = d (α − β d) over n = 1 to 64.",
    "",
    "| reward model learnt from | labels flipped | oracle reward | reward model's score | α | β | R² |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
  ].join("\n");
}

/** Oracle reward above its start, over all seeds and steps. */
const fitOf = ({ seeds }: Setting): Fit =>
  fitLearning(
    seeds.flatMap((places) => places.map(({ kl, gold }) => ({ d: Math.sqrt(kl), reward: gold - places[0]!.gold }))),
  );

/** Without a sign where it rounds to nothing. */
const share = (r2: number) => r2.toFixed(2).replace("-0.00", "0.00");

const peakText = (peak: number) => (Number.isFinite(peak) ? (peak ** 2).toFixed(1) : "none");

const colours = ["#c2410c", "#0f9d8a", "#3b6fd4", "#8b5cf6"];

export function overPicture({ settings }: OverOptimisationResult): string {
  const names = [...new Set(settings.map(nameOf))];
  const lines = (setting: Setting): Line[] => {
    const colour = colours[names.indexOf(nameOf(setting))]!;
    const line = (name: "gold" | "proxy") =>
      steps(setting).map((places) => ({
        x: Math.sqrt(of(places, "kl").mean),
        y: of(places, name).mean,
        half: name === "gold" ? of(places, name).half : 0,
      }));
    return [
      { name: `${nameOf(setting)}: oracle reward`, colour, points: line("gold") },
      { name: `${nameOf(setting)}: reward model's score, over its start`, colour, dashed: true, points: line("proxy") },
    ];
  };
  const panel = (noise: number) => settings.filter((setting) => setting.noise === noise).flatMap(lines);
  return scatter({
    label: "Oracle reward and the reward model's score over the square root of the KL to the base",
    x: "√KL to the base, √nats",
    y: "reward",
    panels: [
      { title: "clean labels", lines: panel(0) },
      { title: "25 % of the labels flipped", lines: panel(0.25) },
    ],
  });
}
