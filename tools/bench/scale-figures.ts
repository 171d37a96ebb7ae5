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

/** Milliseconds: the median and the longest of some visits or uses. */
export interface Waited {
  median: number;
  longest: number;
}

export interface TablesResult {
  machine: string;
  cores: number;
  runs: number;
  records: number;
  rounds: number;
  /** From the navigation until rows are painted. */
  pages: Record<"runs" | "dataset" | "records", Waited>;
  /** From the input until other rows are painted. */
  uses: Record<"runsSort" | "runsSearch" | "runsFilter" | "recordsSearch" | "recordsFilter", Waited>;
}

export interface RecordsResult {
  machine: string;
  cores: number;
  records: number;
  votes: number;
  rounds: number;
  /** From the navigation until rows are painted. */
  firstRows: Waited;
  /** From the request, which waits 150 ms for another letter, until other rows are painted: a number in three records, and a word of every
   *  record with the beginning of a rare one. */
  searches: { rare: Waited; common: Waited };
  /** From the click until other rows are painted. */
  facets: { disputed: Waited; open: Waited };
}

const told = ({ median, longest }: Waited) => `${median.toFixed(0)} ms (longest ${longest.toFixed(0)})`;

export function tablesText({ machine, cores, runs, records, rounds, pages, uses }: TablesResult): string {
  const on = (count: number) => count.toLocaleString("en");
  const rows = [
    [`table of ${on(runs)} runs: first rows painted`, "≤ 300 ms", told(pages.runs)],
    [`a dataset of ${on(records)} records: its page painted`, "≤ 300 ms", told(pages.dataset)],
    ["its records: first rows painted", "≤ 300 ms", told(pages.records)],
    ["runs: sorted by another column", "≤ 100 ms", told(uses.runsSort)],
    ["runs: searched", "≤ 100 ms", told(uses.runsSearch)],
    ["runs: filtered by a tag", "≤ 100 ms", told(uses.runsFilter)],
    ["records: searched, with the 150 ms that are waited for another letter", "≤ 300 ms", told(uses.recordsSearch)],
    ["records: filtered by a status", "≤ 100 ms", told(uses.recordsFilter)],
  ];
  return `### Tables\n\nMedians of ${rounds} in Chromium. ${targetsTable({ machine, cores }, rows)}`;
}

export function recordsText({ machine, cores, records, votes, rounds, ...measured }: RecordsResult): string {
  const { firstRows, searches, facets } = measured;
  const rows = [
    ["first rows painted", "≤ 300 ms", told(firstRows)],
    ["a search for a number in three records", "≤ 100 ms", told(searches.rare)],
    ["a search for a word of every record and the beginning of a rare one", "≤ 100 ms", told(searches.common)],
    ["filtered by *disputed*", "≤ 100 ms", told(facets.disputed)],
    ["filtered by *open*", "≤ 100 ms", told(facets.open)],
  ];
  const about = `${records.toLocaleString("en")} records with ${votes.toLocaleString("en")} votes, medians of ${rounds} in Chromium; searches from their request on.`;
  return `### Records browser\n\n${about} ${targetsTable({ machine, cores }, rows)}`;
}
