// Runs that stand for one thing: by method, by a field of their config, or by everything but the seed.
import type { ComparedRun } from "./schema";

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
  const differing = differences(runs).filter(({ path }) => path !== "seed");
  const names = new Map(runs.map((run, i) => [run.id, nameOf(run, i)]));
  function nameOf(run: ComparedRun, at: number): string {
    if (by === "run") return run.name;
    if (by !== "seed") return `${by} ${run.config[by] ?? "not set"}`;
    const own = differing.flatMap(({ path, values }) => (values[at] === "" ? [] : `${path} ${values[at]}`));
    return own.join(", ") || "all alike";
  }
  const keys = [...new Set(runs.map((run) => (by === "run" ? run.id : names.get(run.id)!)))];
  return keys.map((key) => {
    const members = runs.filter((run) => (by === "run" ? run.id : names.get(run.id)) === key);
    return { name: names.get(members[0]!.id)!, runs: members, number: Math.min(...members.map((run) => run.number)) };
  });
}
