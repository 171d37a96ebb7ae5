// A chart of curves as one SVG, for papers and slides: what the page shows on its canvas, with its legend.
import { type ScaleContinuousNumeric, scaleLinear } from "d3-scale";
import { area, line as lineThrough } from "d3-shape";
import type { DrawnLine } from "@/lib/runs/compare/compare-schema";
import { colourOf, dashOf } from "./colours";
import { tickCount, valueScale } from "./ticks";

export interface SvgChart {
  title: string;
  unit: string;
  axis: string;
  log: boolean;
  lines: { name: string; number: number; line: DrawnLine }[];
  zoom: { from: number; to: number } | null;
}

type Scale = ScaleContinuousNumeric<number, number>;
interface Plot {
  x: Scale;
  y: Scale;
  /** Whether a value stands on the chart. */
  shows(x: number, y: number | null): boolean;
}

const [width, plotHeight, left, right, top, bottom, row] = [760, 340, 64, 16, 36, 48, 18];
const [middle, floor] = [(left + width - right) / 2, top + plotHeight];

export function chartSvg(chart: SvgChart): string {
  const { title, unit, axis, log, lines } = chart;
  const height = floor + bottom + row * lines.length;
  const plot = plotOf(chart);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, sans-serif" font-size="12" fill="var(--soft)">`,
    `<rect width="${width}" height="${height}" fill="var(--surface)"/>`,
    `<text x="${left}" y="20" font-size="14" font-weight="600" fill="var(--ink)">${escaped(title)} <tspan font-weight="400" font-size="12">${escaped(unit)}</tspan></text>`,
    ...grid(plot.y, log),
    ...labels(plot.x),
    `<text x="${middle}" y="${floor + 34}" text-anchor="middle">${escaped(axis)}</text>`,
    ...lines.flatMap(({ number: n, line }) => curve(line, n, plot)),
    ...lines.map(({ name, number: n }, i) => legend(name, n, floor + bottom + row * i)),
    "</svg>",
  ].join("\n");
}

function plotOf({ lines, log, zoom }: SvgChart): Plot {
  const shows: Plot["shows"] = (x, y) => y !== null && (!zoom || (x >= zoom.from && x <= zoom.to)) && (!log || y > 0);
  const values = lines.flatMap(({ line }) =>
    [line.y, line.low, line.high, line.min, line.max].flatMap((part) =>
      (part ?? []).filter((value, i): value is number => shows(line.x[i]!, value)),
    ),
  );
  const xs = lines.flatMap(({ line }) => line.x);
  const range = zoom ? [zoom.from, zoom.to] : [Math.min(...xs), Math.max(...xs)];
  return { x: scaleLinear(range, [left, width - right]), y: valueScale(values, [floor, top], log), shows };
}

type Values = DrawnLine["y"];

/** A run's curve with what lies around it: the interval as a band, the smallest and largest of a group dotted. */
function curve(line: DrawnLine, n: number, { x, y, shows }: Plot): string[] {
  const stroke = (values: Values, attributes: string) => {
    const shown = [...values.keys()].filter((i) => shows(line.x[i]!, values[i]!));
    const through = lineThrough<number>(
      (i) => x(line.x[i]!),
      (i) => y(values[i]!),
    ).digits(1);
    return `<path d="${through(shown) ?? ""}" fill="none" stroke="${colourOf(n)}" ${attributes}/>`;
  };
  const dashes = `stroke-dasharray="${dashOf(n).join(" ")}"`;
  return [
    ...(line.low && line.high ? [band(line.x, line.low, line.high, n, { x, y, shows })] : []),
    ...[line.min, line.max].flatMap((part) =>
      part ? [stroke(part, 'stroke-opacity="0.55" stroke-dasharray="1 3"')] : [],
    ),
    stroke(line.y, `${dashes} ${line.smooth ? 'stroke-opacity="0.3"' : 'stroke-width="2"'}`),
    ...(line.smooth ? [stroke(line.smooth, `${dashes} stroke-width="2"`)] : []),
  ];
}

function band(xs: number[], low: Values, high: Values, n: number, { x, y, shows }: Plot): string {
  const shown = [...xs.keys()].filter((i) => shows(xs[i]!, low[i]!) && shows(xs[i]!, high[i]!));
  const between = area<number>(
    (i) => x(xs[i]!),
    (i) => y(low[i]!),
    (i) => y(high[i]!),
  ).digits(1);
  return `<path d="${between(shown) ?? ""}" fill="${colourOf(n)}" fill-opacity="0.14"/>`;
}

function grid(y: Scale, log: boolean): string[] {
  const written = y.tickFormat(tickCount);
  return y.ticks(tickCount).map((tick) => {
    const at = y(tick).toFixed(1);
    return `<line x1="${left}" x2="${width - right}" y1="${at}" y2="${at}" stroke="var(--line)"/><text x="${left - 8}" y="${Number(at) + 4}" text-anchor="end">${log ? tick.toLocaleString("en", { maximumSignificantDigits: 3 }) : written(tick)}</text>`;
  });
}

const labels = (x: Scale): string[] =>
  x
    .ticks(tickCount)
    .map((tick) => `<text x="${x(tick)}" y="${floor + 18}" text-anchor="middle">${tick.toLocaleString("en")}</text>`);

const legend = (name: string, n: number, at: number): string =>
  `<line x1="${left}" x2="${left + 22}" y1="${at}" y2="${at}" stroke="${colourOf(n)}" stroke-width="3" stroke-dasharray="${dashOf(n).join(" ")}"/><text x="${left + 30}" y="${at + 4}">${escaped(name)}</text>`;

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
