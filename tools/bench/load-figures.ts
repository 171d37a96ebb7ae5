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
  crowd: Crowd | null;
  team: TeamLoad | null;
}

/** People with accounts, behind Caddy with TLS, beside a training run. */
export interface TeamLoad extends Latency {
  machine: string;
  cores: number;
  people: number;
  /** Between two votes of one person. */
  everyMs: number;
  records: number;
  /** Votes that are asked for on each record. */
  overlap: number;
  /** That the run took meanwhile. */
  steps: number;
  acknowledged: number;
  /** Of those acknowledged the ones that are not there; records that one person voted on twice; records with more votes that count than were asked for; votes that do not count. */
  lost: number;
  doubled: number;
  beyond: number;
  extra: number;
}

/** A thousand people beside a training run; then without one, ever more votes a second. */
export interface Crowd extends Latency {
  machine: string;
  cores: number;
  people: number;
  /** Between two votes of one person. */
  everyMs: number;
  /** Votes that were acknowledged beside the run; in all, with those after it. */
  beside: number;
  acknowledged: number;
  /** Of those acknowledged the ones that are not there; records that one person voted on twice. */
  lost: number;
  doubled: number;
  ramp: { perSecond: number; reached: number; p99: number; errors: number }[];
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

/** Where the 99th percentile is longer, people wait. */
const longestWait = 200;

function crowdText({ machine, cores, ramp, ...crowd }: Crowd): string {
  const { people, everyMs, seconds, requests, beside, acknowledged, lost, doubled } = crowd;
  const on = (count: number) => count.toLocaleString("en");
  const smooth = ramp.filter(({ p99, errors }) => p99 <= longestWait && errors === 0).at(-1);
  const beyond = ramp.at(-1)!;
  const waits = ({ perSecond, reached, p99, errors }: Crowd["ramp"][number]) =>
    `${perSecond} votes a second (${reached.toFixed(0)} reached): ${p99.toFixed(0)} ms${errors > 0 ? `, ${errors} failed` : ""}`;
  return targetsTable({ machine, cores }, [
    [
      `${on(people)} annotators, a vote every ${everyMs / 1000} s each for ${seconds} s, beside a training run: 99th percentile of ${on(requests)} requests`,
      "≤ 200 ms",
      `${crowd.p99.toFixed(0)} ms (median ${crowd.median.toFixed(0)}, 95th ${crowd.p95.toFixed(0)}, longest ${crowd.longest.toFixed(0)}); ${crowd.errors} failed`,
    ],
    [
      `of ${on(acknowledged)} acknowledged votes, ${on(beside)} of them beside the run`,
      "0 lost, 0 doubled",
      `${lost} lost, ${doubled} doubled`,
    ],
    [
      "where the limit lies, without a run: 99th percentile at",
      "",
      smooth && smooth !== beyond ? `${waits(smooth)}; ${waits(beyond)}` : waits(beyond),
    ],
  ]);
}

function teamText({ machine, cores, ...team }: TeamLoad): string {
  const { people, everyMs, seconds, requests, overlap, acknowledged, lost, doubled, beyond, extra } = team;
  const on = (count: number) => count.toLocaleString("en");
  return targetsTable({ machine, cores }, [
    [
      `${on(people)} annotators, a vote every ${everyMs / 2000} to ${(1.5 * everyMs) / 1000} s each for ${seconds / 60} minutes, beside a training run (${on(team.steps)} steps meanwhile): 99th percentile of ${on(requests)} requests`,
      "≤ 200 ms",
      `${team.p99.toFixed(0)} ms (median ${team.median.toFixed(0)}, 95th ${team.p95.toFixed(0)}, longest ${team.longest.toFixed(0)}); ${team.errors} failed`,
    ],
    [
      `of ${on(acknowledged)} acknowledged votes, ${overlap} asked for on each record`,
      "0 lost, 0 doubled, 0 beyond the overlap",
      `${lost} lost, ${doubled} doubled, ${beyond} beyond the overlap; ${extra} kept that do not count`,
    ],
  ]);
}

export function loadText(result: LoadResult): string {
  const { crowd, team } = result;
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
  const many = crowd ? `\n\nMany people on the same dataset. ${crowdText(crowd)}` : "";
  const signedIn = team ? `\n\nA team that signs in, through Caddy with TLS ([team](team.md)). ${teamText(team)}` : "";
  return `A dataset of ${on(pairs)} records with ${on(votes)} annotations, a quarter of the annotated ones by two people, and ${on(runs)} runs. ${table}${many}${signedIn}`;
}
