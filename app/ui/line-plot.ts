// uPlot options for one run's lines: gaps where nothing was measured, error bands, marks at alerts.
import uPlot from "uplot";
import type { DrawnLine } from "@/lib/runs/compare/compare-schema";
import { type MetricName, metrics } from "@/spec/metrics/catalogue";
import { number } from "./format";
import { axisLook, color, endRoom, onDrag, widthOf } from "./plot";

export interface NamedLine {
  name: MetricName;
  line: DrawnLine;
}

// Held-out and chosen are solid accents; the second and third line differ in dash as well as hue.
export const strokes = ["--accent", "--b", "--a"];
export const dashes = [undefined, [6, 4], [2, 3]];
export const height = 190;

const banded = ({ line }: NamedLine) => line.low !== null && line.high !== null;

/** One column per line and two more for its band, on the steps of all lines. */
export function columnsOf(lines: NamedLine[]): uPlot.AlignedData {
  const tables = lines.map(
    ({ line }): uPlot.AlignedData => [line.x, line.y, ...(line.low && line.high ? [line.high, line.low] : [])],
  );
  return tables.length > 0 ? uPlot.join(tables) : [[]];
}

/** Where each line's values are among the columns. */
export const columnAt = (lines: NamedLine[], i: number): number =>
  1 + lines.slice(0, i).reduce((sum, line) => sum + (banded(line) ? 3 : 1), 0);

export interface LinePlot {
  lines: NamedLine[];
  width: number;
  zoom: { from: number; to: number } | null;
  onZoom: (zoom: { from: number; to: number }) => void;
  onCursor: (index: number | null) => void;
  /** Steps with an alert. */
  marks: () => number[];
}

export function plotOptions({ lines, width, zoom, onZoom, onCursor, marks }: LinePlot): uPlot.Options {
  const axis = axisLook();
  return {
    width,
    height,
    padding: [8, endRoom, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: "run" }, points: { size: 6 }, drag: { x: true, y: false, setScale: false } },
    scales: {
      x: { time: false, ...(zoom && { range: [zoom.from, zoom.to] }) },
      y: { range: (_, min, max) => rangeOf(min, max) },
    },
    axes: [
      { ...axis, label: "step", labelSize: 16, labelFont: axis.font, size: 28 },
      { ...axis, size: widthOf, values: (_, ticks) => ticks.map((tick) => tickText(tick, decimals(ticks))) },
    ],
    series: [{}, ...lines.flatMap(seriesOf)],
    bands: lines.flatMap((line, i) => (banded(line) ? [bandAt(columnAt(lines, i), i)] : [])),
    hooks: {
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
      setSelect: [(plot) => onDrag(plot, onZoom)],
      draw: [(plot) => drawMarks(plot, marks())],
    },
  };
}

function seriesOf(named: NamedLine, i: number): uPlot.Series[] {
  const { name, line } = named;
  const edge = { stroke: "transparent", width: 0, points: { show: false }, spanGaps: true };
  const own: uPlot.Series = {
    label: metrics[name].label,
    stroke: color(strokes[i % strokes.length]!),
    width: i === 0 ? 2 : 1.5,
    spanGaps: true,
    points: { show: line.x.length < 200 && (name.startsWith("eval_") || name.startsWith("on_policy/")) },
  };
  const dash = dashes[i % dashes.length];
  return [dash ? { ...own, dash } : own, ...(banded(named) ? [edge, edge] : [])];
}

const bandAt = (column: number, i: number): uPlot.Band => ({
  series: [column + 1, column + 2],
  fill: `color-mix(in oklab, ${color(strokes[i % strokes.length]!)} 16%, transparent)`,
});

function drawMarks({ ctx, bbox, valToPos }: uPlot, steps: number[]): void {
  ctx.save();
  ctx.strokeStyle = color("--warn");
  ctx.setLineDash([3, 4]);
  for (const step of steps) {
    const x = valToPos(step, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

/** As many digits as distinguish neighbouring ticks. */
const decimals = ([first = 0, second = 1]: number[]) =>
  Math.min(6, Math.max(0, Math.ceil(-Math.log10(Math.abs(second - first)) - 1e-9)));

const tickText = (tick: number, digits: number) => (tick === 0 ? "0" : number(tick, digits));

/** The range of the data plus a tenth; constant data get a small range instead of uPlot's default of a hundred. */
function rangeOf(min: number | null, max: number | null): [number | null, number | null] {
  if (min === null || max === null) return [min, max];
  return min === max
    ? [min - Math.abs(min) / 10, max + (Math.abs(max) / 10 || 0.1)]
    : uPlot.rangeNum(min, max, 0.1, true);
}
