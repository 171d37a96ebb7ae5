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
  annotators: number;
  /** Milliseconds of the web process's processor time a request, by what was asked for. */
  cost: Record<string, number>;
  /** Votes and refills of all annotators, on an idle machine and beside a training run; null where not measured. */
  idle: Latency | null;
  training: Latency | null;
}

export function loadText({ machine, cores, pairs, votes, annotators, cost, idle, training }: LoadResult): string {
  const of = `${pairs.toLocaleString("en")} records and ${votes.toLocaleString("en")} annotations`;
  const rows = Object.entries(cost).map(([what, ms]) => [
    `${what}, with ${of}: processor time per request`,
    what === "the next tasks" ? "≤ 10 ms" : "",
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
  return targetsTable({ machine, cores }, [
    ...rows,
    ...latency("", "≤ 200 ms", idle),
    ...latency(", beside a training run", "≤ 400 ms", training),
  ]);
}
