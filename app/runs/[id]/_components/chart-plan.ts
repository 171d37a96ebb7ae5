// Which charts a run's page has, and in which groups: known before anything is measured, so that nothing moves when it is.

import { sampleSets } from "@/lib/datasets/sample-sets";
import type { Curves, RunDetail } from "@/lib/runs/run-schema";
import type { RunConfig } from "@/spec/config";
import { sourcesOf } from "@/spec/fields/data-sources";
import { chartsOf } from "@/spec/methods/charts-of";
import { inTile, type MetricName, metrics, sections } from "@/spec/metrics/catalogue";
import type { ChartName, Tile } from "@/spec/metrics/charts";

export interface PlannedChart {
  name: ChartName;
  title: string;
  names: MetricName[];
}
export interface ChartGroup {
  title: string;
  charts: PlannedChart[];
}

export type Shown = Pick<RunDetail, "status" | "config" | "origin">;

/** Charts that a run which goes on will fill; none is foreseen of one that has ended. */
function foreseen(run: Shown): Set<ChartName> {
  const going = run.status === "queued" || run.status === "running";
  return going && run.origin === null ? chartsOf(run.config as RunConfig, isSynthetic(run)) : new Set();
}

/** What this run will draw; of one that has ended, what it did. */
export function plannedCharts(run: Shown, lines: Curves["lines"]): ChartGroup[] {
  const known = foreseen(run);
  const isThere = ({ name, names }: PlannedChart) => known.has(name) || names.some((metric) => lines[metric]);
  return joined(
    sections
      .map(({ title, charts }) => ({ title, charts: charts.filter(isThere) }))
      .filter(({ charts }) => charts.length > 0),
  );
}

/** What a tile of this run shows: what was measured, else what will be; null where its method measures nothing of the kind. */
export function tileMetric(run: Shown & Pick<RunDetail, "latest">, tile: Tile): MetricName | null {
  const known = foreseen(run);
  const names = inTile(tile);
  const isForeseen = (name: MetricName) => {
    const { chart } = metrics[name];
    return chart !== null && known.has(chart);
  };
  return names.find((name) => run.latest[name] !== undefined) ?? names.find(isForeseen) ?? null;
}

/** What most look at first. */
const headlines: ChartName[] = [
  "accuracy",
  "rolloutReward",
  "gold",
  "reward",
  "winRate",
  "kl",
  "loss",
  "policyEntropy",
  "tokenAccuracy",
  "gradientNorm",
];

export function keyCharts(run: Shown, lines: Curves["lines"]): PlannedChart[] {
  const all = plannedCharts(run, lines).flatMap(({ charts }) => charts);
  return headlines.flatMap((name) => all.find((chart) => chart.name === name) ?? []).slice(0, 6);
}

/** Whether answers to its prompts have an exact score. */
const isSynthetic = ({ config }: Shown): boolean => {
  const sources = sourcesOf(config.data.train);
  return sources.length > 0 && sources.every(({ source }) => sampleSets.some(({ path }) => path === source));
};

/** A group of a single chart shares the row of its neighbour. */
function joined(groups: ChartGroup[]): ChartGroup[] {
  const made: ChartGroup[] = [];
  for (const { title, charts } of groups) {
    const last = made.at(-1);
    if (last && (last.charts.length === 1 || charts.length === 1)) {
      last.title += ` · ${title}`;
      last.charts.push(...charts);
    } else made.push({ title, charts: [...charts] });
  }
  return made;
}

/** The pinned charts as a group before the others, and of all what the search is about. */
export function arranged(groups: ChartGroup[], pinned: string[], search: string): ChartGroup[] {
  const words = search.toLowerCase().split(/\s+/);
  const found = ({ title, names }: PlannedChart) =>
    words.every((word) => `${title} ${names.join(" ")}`.toLowerCase().includes(word));
  const isPinned = ({ title }: PlannedChart) => pinned.includes(title);
  const first = { title: "Pinned", charts: groups.flatMap(({ charts }) => charts.filter(isPinned)) };
  const rest = groups.map(({ title, charts }) => ({ title, charts: charts.filter((chart) => !isPinned(chart)) }));
  return [first, ...rest]
    .map(({ title, charts }) => ({ title, charts: charts.filter(found) }))
    .filter(({ charts }) => charts.length > 0);
}
