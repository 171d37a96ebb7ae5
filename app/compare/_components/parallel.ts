// Parallel coordinates: where a run's values lie on each of some axes, from 0 (bottom) to 1.

import type { ComparedRun } from "@/lib/runs/compare/compare-schema";
import { differences } from "@/lib/runs/compare/groups";
import { inView, metrics } from "@/spec/metrics/catalogue";
import { shownValue } from "./config-diff";

export interface ParallelAxis {
  /** Of the config's field or the metric. */
  id: string;
  name: string;
  /** Labels and where they stand. */
  ticks: { label: string; at: number }[];
  /** One per run; null where it has no value. */
  positions: (number | null)[];
}

/** Part of an axis, by whose values runs are picked. */
export interface Stretch {
  low: number;
  high: number;
}
export interface Brush extends Stretch {
  /** The axis. */
  id: string;
}

/** The fields in which the runs differ, first those that all of them have; then the final metrics. */
export function parallelAxes(runs: ComparedRun[], labelOf: (path: string) => string): ParallelAxis[] {
  const fields = differences(runs).filter(({ values }) => values.every((value) => value.length < 24));
  const shared = fields.filter(({ values }) => values.every((value) => value !== ""));
  const ordered = [...shared, ...fields.filter((field) => !shared.includes(field))];
  const settings = ordered.slice(0, 6).map(({ path, values }) => axisOf(path, labelOf(path), values));
  const results = inView("parallel").flatMap((name) => {
    const values = runs.map(({ latest }) => latest[name]);
    if (values.filter((value) => value !== undefined).length < 2) return [];
    return [
      axisOf(
        name,
        metrics[name].label,
        values.map((value) => (value === undefined ? "" : String(value))),
      ),
    ];
  });
  return [...settings, ...results];
}

/** The axes in the order that somebody gave them; others keep theirs, after these. */
export function inOrder(axes: ParallelAxis[], ids: string[]): ParallelAxis[] {
  const given = ids.flatMap((id) => axes.find((axis) => axis.id === id) ?? []);
  return [...given, ...axes.filter((axis) => !given.includes(axis))];
}

/** The ids of the axes once one has moved by so many places. */
export function moved(axes: ParallelAxis[], id: string, by: number): string[] {
  const ids = axes.map((axis) => axis.id);
  const to = Math.min(ids.length - 1, Math.max(0, ids.indexOf(id) + by));
  return ids.filter((one) => one !== id).toSpliced(to, 0, id);
}

/** What a press of an arrow key moves an end by. */
const keyStep = 0.1;

/**
 * The stretch after a key: ↑ raises its lower end and ↓ lowers its upper one, with Shift ↓ and ↑ take them back; Escape clears it.
 * Null where all of the axis is picked, undefined for other keys.
 */
export function brushedBy(
  brush: Stretch | null,
  { key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">,
): Stretch | null | undefined {
  const by = { ArrowUp: keyStep, ArrowDown: -keyStep, Escape: 0 }[key];
  if (by === undefined || (by === 0 && !brush)) return undefined;
  if (by === 0) return null;
  const tenths = (value: number) => Math.round(10 * value) / 10;
  const { low, high } = brush ?? { low: 0, high: 1 };
  const next =
    by > 0 === shiftKey
      ? { low, high: Math.min(1, Math.max(tenths(low + keyStep), tenths(high + by))) }
      : { low: Math.max(0, Math.min(tenths(high - keyStep), tenths(low + by))), high };
  return next.low === 0 && next.high === 1 ? null : next;
}

/** Whether a run lies in every brushed stretch. */
export const isBrushed = (axes: ParallelAxis[], brushes: Brush[], run: number): boolean =>
  brushes.every(({ id, low, high }) => {
    const at = axes.find((axis) => axis.id === id)?.positions[run] ?? null;
    return at !== null && at >= low && at <= high;
  });

function axisOf(id: string, name: string, values: string[]): ParallelAxis {
  const given = values.filter((value) => value !== "");
  const numbers = given.map(Number);
  return given.length > 0 && numbers.every(Number.isFinite)
    ? { id, name, ...numericAxis(values, numbers) }
    : { id, name, ...namedAxis(values) };
}

/** On a log scale where all values are positive and span more than a factor of fifty. */
function numericAxis(values: string[], numbers: number[]): Pick<ParallelAxis, "ticks" | "positions"> {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const scale = low > 0 && high / low > 50 ? Math.log : (value: number) => value;
  const at = (value: number) => (high === low ? 0.5 : (scale(value) - scale(low)) / (scale(high) - scale(low)));
  const label = (value: number) => Number(value.toPrecision(3)).toString();
  return {
    ticks: [...new Set([low, high])].map((value) => ({ label: label(value), at: at(value) })),
    positions: values.map((value) => (value === "" ? null : at(Number(value)))),
  };
}

function namedAxis(values: string[]): Pick<ParallelAxis, "ticks" | "positions"> {
  const names = [...new Set(values)].sort();
  const at = (value: string) => (names.length === 1 ? 0.5 : names.indexOf(value) / (names.length - 1));
  return {
    ticks: names.map((value) => ({ label: shownValue(value) || "not set", at: at(value) })),
    positions: values.map(at),
  };
}
