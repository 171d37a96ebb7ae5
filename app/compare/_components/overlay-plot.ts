// uPlot options for lines, their bands and extremes.
import uPlot from "uplot";
import { axes, type DrawnLine, type LinesInput } from "@/lib/runs/compare/compare-schema";
import { axisLook, endRoom, onDrag, wholeOnDoubleClick, widthOf } from "../../ui/plot";
import { xTicks, yTicks } from "../../ui/ticks";
import { dashOf, paintOf } from "./colours";

const parts = ["y", "smooth", "low", "high", "min", "max"] as const;
const partsOf = (line: DrawnLine) => parts.filter((part) => line[part] !== null);

/** Which parts each line has; another shape needs a new plot. */
export const shapeOf = (lines: (DrawnLine | null)[]): string =>
  lines.map((line) => (line ? partsOf(line).join("+") : "")).join();

/** One column per part of each line, on the x values of all lines. */
export function overlayData(lines: (DrawnLine | null)[]): uPlot.AlignedData {
  const tables = lines.flatMap((line): uPlot.AlignedData[] =>
    line ? [[line.x, ...partsOf(line).map((part) => line[part]!)]] : [],
  );
  return tables.length > 0 ? uPlot.join(tables) : [[]];
}

interface Overlay {
  lines: (DrawnLine | null)[];
  numbers: number[];
  axis: LinesInput["axis"];
  log: boolean;
  zoom: { from: number; to: number } | null;
  size: { width: number; height: number };
  /** Where the cursor stands from the first, in x. */
  cursor: number | null;
  onCursor: (x: number | null) => void;
  /** Null shows all steps. */
  onZoom: (zoom: { from: number; to: number } | null) => void;
}

export function overlayOptions(overlay: Overlay): uPlot.Options {
  const { lines, numbers, axis, log, zoom, size, cursor, onCursor, onZoom } = overlay;
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  for (const [i, line] of lines.entries()) {
    if (!line) continue;
    const names = partsOf(line);
    const first = series.length;
    series.push(...names.map((part) => seriesOf(part, numbers[i]!, line)));
    if (names.includes("low"))
      bands.push({
        series: [first + names.indexOf("high"), first + names.indexOf("low")],
        fill: paintOf(numbers[i]!, 0.14),
      });
  }
  const look = axisLook();
  return {
    ...size,
    padding: [8, endRoom, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: "compare" },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      bind: wholeOnDoubleClick(() => onZoom(null)),
    },
    scales: { x: { time: false, ...(zoom && { range: [zoom.from, zoom.to] }) }, y: log ? { distr: 3 } : {} },
    axes: [
      { ...look, ...xTicks(axis !== "time"), label: axes[axis].label, labelSize: 16, labelFont: look.font, size: 28 },
      { ...look, ...yTicks(log), size: widthOf },
    ],
    series,
    bands,
    hooks: {
      ready: [(plot) => cursor !== null && plot.setCursor({ left: plot.valToPos(cursor, "x"), top: 10 })],
      setCursor: [(plot) => onCursor(plot.cursor.idx == null ? null : (plot.data[0][plot.cursor.idx] ?? null))],
      setSelect: [(plot) => onDrag(plot, onZoom)],
    },
  };
}

/** The mean or smoothed line is strong; what was measured beneath it is faint, and extremes are dotted. */
function seriesOf(part: (typeof parts)[number], n: number, line: DrawnLine): uPlot.Series {
  const common = { spanGaps: true, points: { show: false } };
  if (part === "low" || part === "high") return { ...common, stroke: "transparent", width: 0 };
  if (part === "min" || part === "max") return { ...common, stroke: paintOf(n, 0.55), width: 1, dash: [1, 3] };
  const faint = part === "y" && line.smooth !== null;
  return {
    ...common,
    stroke: paintOf(n, faint ? 0.3 : 1),
    width: faint ? 1 : 2,
    dash: dashOf(n),
    points: { show: part === "y" && ((plot) => plot.data[0].length < 60), size: 5, fill: paintOf(n) },
  };
}
