// Tables of docs/ppo.md: the oracle reward that PPO finds within a distance by each setting, beside the usual one seed by seed.
import { interval } from "../../lib/runs/compare/student";
import type { Place } from "./frontier";
import type { PpoResult } from "./ppo";

type Setting = PpoResult["settings"][number];

const budget = 4;
const shown = ({ mean, half }: { mean: number; half: number }) => `${mean.toFixed(2)} ± ${half.toFixed(2)}`;
const golds = (places: Place[]) => places.map(({ gold }) => gold);

/** Of a setting's steps within the budget, on the mean of the seeds, the one that finds most: a place a seed. */
function best({ seeds }: Setting): Place[] {
  const steps = seeds[0]!.map((_, at) => seeds.map((places) => places[at]!));
  const within = steps.filter((places) => interval(places.map(({ kl }) => kl)).mean <= budget);
  return within.toSorted((a, b) => interval(golds(b)).mean - interval(golds(a)).mean)[0]!;
}

export function ppoText({ settings, pairs, prompts }: PpoResult): string {
  const [usual, ...others] = settings.map((setting) => ({ name: setting.name, places: best(setting) }));
  const row = ({ name, places }: { name: string; places: Place[] }) => {
    const difference = places.map(({ gold }, seed) => gold - usual!.places[seed]!.gold);
    const cells = [
      shown(interval(golds(places))),
      name === usual!.name ? "" : shown(interval(difference)),
      places[0]!.step,
      shown(interval(places.map(({ kl }) => kl))),
      shown(interval(places.map(({ length }) => length))),
    ];
    return `| ${name} | ${cells.join(" | ")} |`;
  };
  return [
    `### Oracle reward within ${budget} nats`,
    "",
    `At the step, of 40, 80, 120 and 160, that finds most within ${budget} nats on the mean of ${usual!.places.length} seeds; ± half-width of the 95 % interval over seeds. ${pairs.toLocaleString("en")} pairs for the reward models, ${prompts} held-out prompts. The difference is to the first row, seed by seed.`,
    "",
    "| | oracle reward | difference | step | KL, nats | length, tokens |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...[usual!, ...others].map(row),
  ].join("\n");
}
