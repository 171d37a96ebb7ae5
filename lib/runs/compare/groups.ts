// Runs that stand for one thing: by method, by a field of their config, or by everything but the seed.
import type { ComparedRun } from "./compare-schema";

/** `run`: each for itself; `seed`: alike but for the seed; else a dotted path of the config. */
export type GroupBy = "run" | "seed" | (string & {});

export interface Group {
  name: string;
  runs: ComparedRun[];
  /** Of its oldest run. */
  number: number;
}

/** Dotted paths whose values differ between the runs, with one value a run; "" where a run has no such field. */
export function differences(runs: ComparedRun[]): { path: string; values: string[] }[] {
  const paths = [...new Set(runs.flatMap(({ config }) => Object.keys(config)))].sort();
  return paths
    .map((path) => ({ path, values: runs.map(({ config }) => config[path] ?? "") }))
    .filter(({ values }) => new Set(values).size > 1);
}

export function grouped(runs: ComparedRun[], by: GroupBy): Group[] {
  const nameOf = by === "run" ? ({ name }: ComparedRun) => name : by === "seed" ? settingOf(runs) : fieldOf(by);
  const keyOf = (run: ComparedRun) => (by === "run" ? run.id : nameOf(run));
  return [...new Set(runs.map(keyOf))].map((key) => {
    const members = runs.filter((run) => keyOf(run) === key);
    return { name: nameOf(members[0]!), runs: members, number: Math.min(...members.map((run) => run.number)) };
  });
}

const fieldOf = (path: string) => (run: ComparedRun) => `${path} ${run.config[path] ?? "not set"}`;

/** A run's method, and what tells it from other runs of that method beside its seed. */
function settingOf(runs: ComparedRun[]) {
  const methods = [...new Set(runs.map(({ method }) => method))];
  const differing = new Map(
    methods.map((method) => {
      const own = differences(runs.filter((run) => run.method === method));
      return [method, own.map(({ path }) => path).filter((path) => path !== "seed")];
    }),
  );
  return ({ method, config }: ComparedRun) =>
    [method, ...differing.get(method)!.map((path) => `${path} ${config[path] ?? "not set"}`)].join(", ");
}
