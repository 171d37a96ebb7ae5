// docs/annotation.md's table of what annotating costs, from what `npm run load` measured.
import { targetsTable } from "./targets";

/** Milliseconds from a request to its answer. */
export interface Latency {
  seconds: number;
  requests: number;
  median: number;
  p95: number;
  p99: number;
  longest: number;
  /** Requests that came to nothing, and answers that were no success. */
  errors: number;
}

export interface LoadResult {
  machine: string;
  cores: number;
  pairs: number;
  votes: number;
  runs: number;
  annotators: number;
  /** Milliseconds of the web process's processor time a request, by what was asked for. */
  cost: Record<string, number>;
  /** What an open page of a run costs each time it looks for news, while there is none. */
  statementsPerLook: number;
  /** Votes and refills of all annotators, on an idle machine and beside a training run; null where not measured. */
  idle: Latency | null;
  training: BesideTraining | null;
}

export interface BesideTraining extends Latency {
  /** Of the run's steps a second without annotators; older results do not say. */
  speedKept?: number;
}

/** What a request may cost at most. */
const targets: Record<string, string> = {
  "the next tasks": "≤ 10 ms",
  "the page of the dataset": "≤ 100 ms",
  "the list of runs": "≤ 50 ms",
  "all runs, as forms request them": "≤ 50 ms",
};

export function loadText(result: LoadResult): string {
  const { machine, cores, pairs, votes, runs, annotators, cost, statementsPerLook, idle, training } = result;
  const on = (count: number) => count.toLocaleString("en");
  const rows = Object.entries(cost).map(([what, ms]) => [
    `${what}: processor time of the web process per request`,
    targets[what] ?? "",
    `${ms.toFixed(1)} ms`,
  ]);
  const latency = (where: string, target: string, measured: Latency | null) =>
    measured === null
      ? []
      : [
          [
            `${annotators} annotators on it, one annotation per second each for ${measured.seconds} s${where}: 99th percentile of ${measured.requests.toLocaleString("en")} requests`,
            target,
            `${measured.p99.toFixed(0)} ms (median ${measured.median.toFixed(0)}, 95th ${measured.p95.toFixed(0)}, longest ${measured.longest.toFixed(0)}); ${measured.errors} failed`,
          ],
        ];
  const speed =
    training?.speedKept === undefined
      ? []
      : [
          [
            "the training run beside them: share of its speed alone",
            "≥ 80 %",
            `${(100 * training.speedKept).toFixed(0)} %`,
          ],
        ];
  const table = targetsTable({ machine, cores }, [
    ...rows,
    ["an open run page while nothing of the run changes: SQL statements per look", "≤ 1", String(statementsPerLook)],
    ...latency("", "≤ 200 ms", idle),
    ...latency(", beside a training run", "≤ 200 ms", training),
    ...speed,
  ]);
  return `A dataset of ${on(pairs)} records with ${on(votes)} annotations, a quarter of the annotated ones by two people, and ${on(runs)} runs. ${table}`;
}
