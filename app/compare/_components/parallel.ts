// Parallel coordinates: where a run's values lie on each of some axes, from 0 (bottom) to 1.

import type { ComparedRun } from "@/lib/runs/compare/compare-schema";
import { differences } from "@/lib/runs/compare/groups";
import { inView, metrics } from "@/spec/metrics/catalogue";

export interface ParallelAxis {
  name: string;
  /** Labels and where they stand. */
  ticks: { label: string; at: number }[];
  /** One per run; null where it has no value. */
  positions: (number | null)[];
}

/** The fields in which the runs differ, first those that all of them have; then the final metrics. */
export function parallelAxes(runs: ComparedRun[]): ParallelAxis[] {
  const fields = differences(runs).filter(({ values }) => values.every((value) => value.length < 24));
  const shared = fields.filter(({ values }) => values.every((value) => value !== ""));
  const ordered = [...shared, ...fields.filter((field) => !shared.includes(field))];
  const settings = ordered.slice(0, 6).map(({ path, values }) => axisOf(path, values));
  const results = inView("parallel").flatMap((name) => {
    const values = runs.map(({ latest }) => latest[name]);
    if (values.filter((value) => value !== undefined).length < 2) return [];
    return [
      axisOf(
        [metrics[name].label, metrics[name].unit].filter(Boolean).join(", "),
        values.map((value) => (value === undefined ? "" : String(value))),
      ),
    ];
  });
  return [...settings, ...results];
}

function axisOf(name: string, values: string[]): ParallelAxis {
  const given = values.filter((value) => value !== "");
  const numbers = given.map(Number);
  return given.length > 0 && numbers.every(Number.isFinite)
    ? numericAxis(name, values, numbers)
    : namedAxis(name, values);
}

/** On a log scale where all values are positive and span more than a factor of fifty. */
function numericAxis(name: string, values: string[], numbers: number[]): ParallelAxis {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const scale = low > 0 && high / low > 50 ? Math.log : (value: number) => value;
  const at = (value: number) => (high === low ? 0.5 : (scale(value) - scale(low)) / (scale(high) - scale(low)));
  const label = (value: number) => Number(value.toPrecision(3)).toString();
  return {
    name,
    ticks: [...new Set([low, high])].map((value) => ({ label: label(value), at: at(value) })),
    positions: values.map((value) => (value === "" ? null : at(Number(value)))),
  };
}

function namedAxis(name: string, values: string[]): ParallelAxis {
  const names = [...new Set(values)].sort();
  const at = (value: string) => (names.length === 1 ? 0.5 : names.indexOf(value) / (names.length - 1));
  return {
    name,
    ticks: names.map((value) => ({ label: value || "not set", at: at(value) })),
    positions: values.map(at),
  };
}
