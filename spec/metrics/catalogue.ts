// The closed list of what a run measures, with TRL's names where TRL has one. Charts, tiles, tables and tooltips read it.
import { type ChartName, charts, type Tile, type View } from "./charts";
import { expertMetrics } from "./experts";
import { learning, rewardModel, rewards, teacher } from "./learning";
import type { Metric } from "./metric";
import { onPolicy, onPolicyErrors } from "./on-policy";
import { partMetrics, rollout, update, updateMetrics } from "./rollout";
import { speed } from "./speed";

const measured = {
  ...onPolicy,
  ...onPolicyErrors(),
  ...learning,
  ...rewards,
  ...teacher,
  ...rollout,
  ...rewardModel,
  ...partMetrics(),
  ...update,
  ...updateMetrics(),
  ...expertMetrics(),
  ...speed,
};

/** What held-out rows measure too, under the same name with `eval_` before it. */
const heldOut = ["learning", "rewards", "drift"] as const;
type Measured = typeof measured;
type HeldOutName = {
  [Name in keyof Measured]: Measured[Name]["group"] extends (typeof heldOut)[number] ? Name : never;
}[keyof Measured];

/** What is measured once a held-out row, so that its mean has a standard error: `eval_…_se`. */
export const withInterval = ["loss", "rewards/accuracies", "rewards/margins", "accuracy", "margin"] as const;
type ErrorName = `eval_${(typeof withInterval)[number]}_se`;

/** Held-out pairs by how sure a reward model is of the answer that it prefers: from so many percent to ten more. */
export const confidenceBuckets = ["50", "60", "70", "80", "90"] as const;
type Bucket = (typeof confidenceBuckets)[number];
type CalibrationPart = "confidence" | "calibration" | "calibration_pairs";
const calibrationParts: Record<CalibrationPart, Pick<Metric, "label" | "unit" | "about">> = {
  confidence: { label: "Mean confidence", unit: "probability", about: "σ of the distance of the two scores, mean." },
  calibration: { label: "Right", unit: "share of pairs", about: "Pairs whose chosen answer is the one it prefers." },
  calibration_pairs: { label: "Pairs", unit: "pairs", about: "How many held-out pairs fall here." },
};

export const metrics = {
  ...heldOutMetrics(),
  ...measured,
  ...errorMetrics(),
  ...calibrationMetrics(),
  "eval_calibration/error": {
    label: "Calibration error",
    unit: "probability",
    group: "rewards",
    about: "Distance of confidence from the share that is right, mean over held-out pairs by tenths of confidence.",
    chart: null,
  } satisfies Metric,
};

function calibrationMetrics(): Record<`eval_${CalibrationPart}/${Bucket}`, Metric> {
  const entries = Object.entries(calibrationParts).flatMap(([part, { label, unit, about }]) =>
    confidenceBuckets.map((from): [string, Metric] => [
      `eval_${part}/${from}`,
      { label: `${label} at ${from} to ${Number(from) + 10} %`, unit, group: "rewards", about, chart: null },
    ]),
  );
  return Object.fromEntries(entries) as Record<`eval_${CalibrationPart}/${Bucket}`, Metric>;
}

function errorMetrics(): Record<ErrorName, Metric> {
  const entries = withInterval.map((name) => {
    const { label, unit, group } = measured[name];
    const about = "Standard error of that mean over the held-out rows.";
    return [
      `eval_${name}_se`,
      { label: `Held-out ${label.toLowerCase()}: standard error`, unit, group, about, chart: null },
    ];
  });
  return Object.fromEntries(entries) as Record<ErrorName, Metric>;
}

function heldOutMetrics(): Record<`eval_${HeldOutName}`, Metric> {
  const entries = Object.entries<Metric>(measured).filter(([, { group }]) =>
    (heldOut as readonly string[]).includes(group),
  );
  return Object.fromEntries(
    entries.map(([name, { label, unit, group, about, better, heldOut: shown = { chart: null } }]): [string, Metric] => [
      `eval_${name}`,
      {
        ...(better && { better }),
        label: `Held-out ${label.toLowerCase()}`,
        unit,
        group,
        about: `${about} On prompts never trained on.`,
        ...shown,
      },
    ]),
  ) as Record<`eval_${HeldOutName}`, Metric>;
}

/** What a run logs. */
export type MetricName = keyof typeof metrics;
/** What a loss measures: held-out names come without `eval_`. */
export type MeasuredName = MetricName | `${"confidence" | "calibration"}/${Bucket}`;
export type MetricRow = { step: number } & Partial<Record<MetricName, number>>;

const named = Object.entries<Metric>(metrics) as [MetricName, Metric][];

/** In the order of the catalogue: held-out rows and the own answers first, as what counts in the end. */
const namesOf = (isOne: (metric: Metric) => boolean): MetricName[] =>
  named.flatMap(([name, metric]) => (isOne(metric) ? [name] : []));

/** What configurations of a sweep may be ranked by: measured on held-out rows or the own answers, with a better and a worse. */
export const rankable: MetricName[] = [
  ...namesOf(({ better }) => better !== undefined).filter((name) => /^(eval_|on_policy\/)/.test(name)),
  "eval_loss",
];

export const inChart = (chart: ChartName): MetricName[] => namesOf((metric) => metric.chart === chart);
export const inTile = (tile: Tile): MetricName[] => namesOf((metric) => metric.tile === tile);
export const inView = (view: View): MetricName[] => namesOf(({ views = [] }) => views.includes(view));

const drawn = Object.entries(charts) as [ChartName, (typeof charts)[ChartName]][];

/** The charts of a run's page by section, with the metrics that each draws. */
export const sections = [...new Set(drawn.map(([, { section }]) => section))].map((title) => ({
  title,
  charts: drawn
    .filter(([, { section }]) => section === title)
    .map(([chart, { title }]) => ({ name: chart, title, names: inChart(chart) })),
}));
