// docs/compare.md's table, from what `npm run scale` measured.
import type { MetricName } from "../../spec/metrics/catalogue";
import { targetsTable } from "./targets";

/** The charts of the measurement. */
export const scaleCharts = [
  "loss",
  "grad_norm",
  "learning_rate",
  "rewards/accuracies",
  "rewards/margins",
  "rewards/chosen",
  "rewards/rejected",
  "logps/chosen",
  "logps/rejected",
  "entropy",
  "mean_token_accuracy",
  "tokens_per_second",
] as const satisfies MetricName[];

export interface ScaleResult {
  machine: string;
  cores: number;
  runs: number;
  steps: number;
  charts: number;
  /** Milliseconds of a request for one chart of all runs. */
  request: { count: number; median: number; p95: number; longest: number };
  /** Milliseconds to the first paint of the page, and until all charts are drawn; medians. */
  paint: { visits: number; first: number; drawn: number };
  /** Bytes of the page's heap, an hour into a day of live points and at its end. */
  day: { points: number; before: number; after: number };
}

export function scaleText({ machine, cores, runs, steps, charts, request, paint, day }: ScaleResult): string {
  const million = (bytes: number) => (bytes / 1e6).toFixed(1);
  const rows = [
    [
      `one chart of ${runs} runs of ${steps.toLocaleString("en")} steps, 95th percentile of ${request.count} requests at all zooms, along all axes`,
      "≤ 100 ms",
      `${request.p95.toFixed(0)} ms (median ${request.median.toFixed(0)}, longest ${request.longest.toFixed(0)})`,
    ],
    [
      `first paint of the page with ${charts} such charts`,
      "≤ 500 ms",
      `${paint.first.toFixed(0)} ms; all charts drawn after ${(paint.drawn / 1000).toFixed(1)} s (medians of ${paint.visits})`,
    ],
    [
      `growth of an open run page's heap over a day, ${day.points.toLocaleString("en")} points`,
      "< 20 MB",
      `${million(day.after - day.before)} MB (${million(day.before)} to ${million(day.after)})`,
    ],
  ];
  return targetsTable({ machine, cores }, rows);
}
