// uPlot options for one run's lines: gaps where nothing was measured, error bands, marks at alerts.
import uPlot from "uplot";
import type { DrawnLine } from "@/lib/runs/compare/compare-schema";
import { type MetricName, metrics } from "@/spec/metrics/catalogue";
import { axisLook, color, endRoom, onDrag, wholeOnDoubleClick, widthOf } from "./plot";
import { xTicks, yTicks } from "./ticks";
import { centralRange, seenValues, withRoom } from "./value-range";

export interface NamedLine {
  name: MetricName;
  line: DrawnLine;
}

// Held-out and chosen are solid accents; the second and third line differ in dash as well as hue.
export const strokes = ["--accent", "--b", "--a"];
export const dashes = [undefined, [6, 4], [2, 3]];
/** Of a card in the grid: every card has it, whether or not anything was measured yet. */
export const height = 190;

/** A line's columns: its values, then what is drawn around them. */
const partsOf = ({ line: { y, smooth, low, high } }: NamedLine) => [
  y,
  ...(smooth ? [smooth] : []),
  ...(low && high ? [high, low] : []),
];

/** The columns of all lines, on the steps of all of them. */
export function columnsOf(lines: NamedLine[]): uPlot.AlignedData {
  const tables = lines.map((named): uPlot.AlignedData => [named.line.x, ...partsOf(named)]);
  return tables.length > 0 ? uPlot.join(tables) : [[]];
}

/** Where each line's values are among the columns. */
export const columnAt = (lines: NamedLine[], i: number): number =>
  1 + lines.slice(0, i).reduce((sum, line) => sum + partsOf(line).length, 0);

export interface LinePlot {
  lines: NamedLine[];
  size: { width: number; height: number };
  /** What the horizontal axis counts, with its unit. */
  axis: string;
  /** Logarithmic values; what is not above 0 is left out. */
  log: boolean;
  /** The vertical axis leaves out the highest and the lowest twentieth of the values. */
  ignoreOutliers: boolean;
  zoom: { from: number; to: number } | null;
  /** Null shows the whole run. */
  onZoom: (zoom: { from: number; to: number } | null) => void;
  onCursor: (index: number | null) => void;
  /** Steps with an alert. */
  marks: () => number[];
}

export function plotOptions({
  lines,
  size,
  log,
  ignoreOutliers,
  zoom,
  onZoom,
  onCursor,
  marks,
  ...plot
}: LinePlot): uPlot.Options {
  const axis = axisLook();
  const range = valueRange(lines, log, ignoreOutliers);
  return {
    ...size,
    padding: [8, endRoom, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: "run" },
      points: { size: 6 },
      drag: { x: true, y: false, setScale: false },
      bind: wholeOnDoubleClick(() => onZoom(null)),
    },
    scales: {
      x: { time: false, ...(zoom && { range: [zoom.from, zoom.to] }) },
      y: {
        ...(log && { distr: 3 }),
        ...(range && { range }),
      },
    },
    axes: [
      { ...axis, ...xTicks(true), label: plot.axis, labelSize: 16, labelFont: axis.font, size: 28 },
      { ...axis, ...yTicks(log), size: widthOf },
    ],
    series: [{}, ...lines.flatMap(seriesOf)],
    bands: lines.flatMap((line, i) => (line.line.low ? [bandAt(columnAt(lines, i + 1) - 2, i)] : [])),
    hooks: {
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
      setSelect: [(plot) => onDrag(plot, onZoom)],
      draw: [(plot) => drawMarks(plot, marks())],
    },
  };
}

/** A smoothed line is strong, and what was measured beneath it faint. */
function seriesOf(named: NamedLine, i: number): uPlot.Series[] {
  const { name, line } = named;
  const stroke = color(strokes[i % strokes.length]!);
  const width = i === 0 ? 2 : 1.5;
  const dash = dashes[i % dashes.length];
  const bare: uPlot.Series = { spanGaps: true, points: { show: false } };
  const strong: uPlot.Series = { ...bare, stroke, width, ...(dash && { dash }) };
  const edge: uPlot.Series = { ...bare, stroke: "transparent", width: 0 };
  const rare = line.x.length < 200 && (name.startsWith("eval_") || name.startsWith("on_policy/"));
  const measured: uPlot.Series = line.smooth
    ? { ...bare, stroke: `color-mix(in oklab, ${stroke} 30%, transparent)`, width: 1 }
    : { ...strong, points: { show: rare } };
  return [
    { ...measured, label: metrics[name].label },
    ...(line.smooth ? [strong] : []),
    ...(line.low && line.high ? [edge, edge] : []),
  ];
}

const bandAt = (high: number, i: number): uPlot.Band => ({
  series: [high, high + 1],
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

/** Of the vertical axis; of a logarithmic one over all values uPlot's own. */
function valueRange(lines: NamedLine[], log: boolean, ignoreOutliers: boolean): uPlot.Range.Function | null {
  const drawn = lines.map((_, i) => columnAt(lines, i));
  const central = (plot: uPlot) => centralRange(seenValues(plot, drawn, log));
  if (!log) return (plot, min, max) => withRoom(ignoreOutliers ? central(plot) : [min, max]);
  if (!ignoreOutliers) return null;
  return (plot) => {
    const [min, max] = central(plot);
    return min === null || max === null ? [min, max] : uPlot.rangeLog(min, max, 10, false);
  };
}
