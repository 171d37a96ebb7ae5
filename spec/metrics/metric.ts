import type { ChartName, Tile, View } from "./charts";

/** Where a metric is shown. */
export interface Shown {
  /** On a run's page; null: in none. The compare page offers every metric that was measured. */
  chart: ChartName | null;
  tile?: Tile;
  views?: readonly View[];
}

export interface Metric extends Shown {
  label: string;
  unit: string;
  group: "learning" | "rewards" | "drift" | "answers" | "rollout" | "update" | "speed";
  /** One line for the hover. */
  about: string;
  /** Which of two final values is the better one; left out where that depends. */
  better?: "more" | "less";
  /** Where the same is shown as measured on held-out rows; nowhere, where this is left out. */
  heldOut?: Shown;
}

/** The same metrics, each with its literals kept and its shape checked. */
export const defineMetrics = <const Metrics extends Record<string, Metric>>(metrics: Metrics) => metrics;
