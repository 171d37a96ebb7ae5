// How far a chart's vertical axis goes: over all values, or over the central nine tenths of them.
import uPlot from "uplot";

type Range = [number | null, number | null];

/** Between the 5th and the 95th percentile of what is seen. */
export function centralRange(values: number[]): Range {
  const sorted = values.toSorted((a, b) => a - b);
  const last = sorted.length - 1;
  return [sorted[Math.floor(0.05 * last)] ?? null, sorted[Math.ceil(0.95 * last)] ?? null];
}

/** The values of these columns of a plot that stand above its horizontal axis; of a logarithmic one those above 0. */
export function seenValues({ data, scales }: uPlot, columns: number[], log: boolean): number[] {
  const { min = null, max = null } = scales.x ?? {};
  const isSeen = (x: number) => (min === null || x >= min) && (max === null || x <= max);
  return columns.flatMap((column) =>
    [...(data[column] ?? [])].filter((y, row): y is number => y != null && isSeen(data[0][row]!) && (!log || y > 0)),
  );
}

/** The range and a tenth; constant data get a small range instead of uPlot's default of a hundred. */
export function withRoom([min, max]: Range): Range {
  if (min === null || max === null) return [min, max];
  return min === max
    ? [min - Math.abs(min) / 10, max + (Math.abs(max) / 10 || 0.1)]
    : uPlot.rangeNum(min, max, 0.1, true);
}
