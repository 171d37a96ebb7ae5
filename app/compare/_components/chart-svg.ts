// A chart of curves as one SVG, for papers and slides: what the page shows on its canvas, with its legend.
import type { DrawnLine } from "@/lib/runs/compare/compare-schema";
import { number } from "../../ui/format";
import { colourOf, dashOf } from "./colours";
import { ticksOf } from "./ticks";

export interface SvgChart {
  title: string;
  unit: string;
  axis: string;
  log: boolean;
  lines: { name: string; number: number; line: DrawnLine }[];
  zoom: { from: number; to: number } | null;
}

const [width, plotHeight, left, right, top, bottom, row] = [760, 340, 64, 16, 36, 48, 18];

export function chartSvg({ title, unit, axis, log, lines, zoom }: SvgChart): string {
  const height = top + plotHeight + bottom + row * lines.length;
  const inside = (x: number) => !zoom || (x >= zoom.from && x <= zoom.to);
  const values = lines.flatMap(({ line }) =>
    [line.y, line.low, line.high, line.min, line.max].flatMap((part) =>
      (part ?? []).filter((_, i) => inside(line.x[i]!)),
    ),
  );
  const scaled = log ? values.filter((value) => value > 0) : values;
  const level = (value: number) => (log ? Math.log10(value) : value);
  const yTicks = ticksOf(level(Math.min(...scaled)), level(Math.max(...scaled)));
  const xs = lines.flatMap(({ line }) => line.x);
  const [from, to] = zoom ? [zoom.from, zoom.to] : [Math.min(...xs), Math.max(...xs)];
  const x = (value: number) => left + ((width - left - right) * (value - from)) / (to - from || 1);
  const [low, high] = [yTicks[0]!, yTicks.at(-1)!];
  const y = (value: number) => top + (plotHeight * (high - level(value))) / (high - low || 1);
  const path = (line: DrawnLine, part: number[]) => {
    const at = part.flatMap((value, i) =>
      inside(line.x[i]!) && (!log || value > 0) ? [[x(line.x[i]!), y(value)]] : [],
    );
    return at.map(([a, b], i) => `${i === 0 ? "M" : "L"}${a!.toFixed(1)} ${b!.toFixed(1)}`).join("");
  };
  const stroke = (d: string, n: number, attributes: string) =>
    `<path d="${d}" fill="none" stroke="${colourOf(n)}" stroke-dasharray="${dashOf(n).join(" ")}" ${attributes}/>`;
  const drawn = lines.flatMap(({ number: n, line }) => [
    ...(line.low && line.high
      ? [
          `<path d="${path(line, line.high)}${reversed(path(line, line.low))}Z" fill="${colourOf(n)}" fill-opacity="0.14"/>`,
        ]
      : []),
    ...[line.min, line.max].flatMap((part) =>
      part
        ? [
            `<path d="${path(line, part)}" fill="none" stroke="${colourOf(n)}" stroke-opacity="0.55" stroke-dasharray="1 3"/>`,
          ]
        : [],
    ),
    stroke(path(line, line.y), n, line.smooth ? 'stroke-opacity="0.3"' : 'stroke-width="2"'),
    ...(line.smooth ? [stroke(path(line, line.smooth), n, 'stroke-width="2"')] : []),
  ]);
  const grid = yTicks.map((tick) => {
    const at = (top + (plotHeight * (high - tick)) / (high - low || 1)).toFixed(1);
    const label = number(log ? 10 ** tick : tick, yTicks.some((t) => !Number.isInteger(t)) ? 2 : 0);
    return `<line x1="${left}" x2="${width - right}" y1="${at}" y2="${at}" stroke="var(--line)"/><text x="${left - 8}" y="${Number(at) + 4}" text-anchor="end">${label}</text>`;
  });
  const xLabels = ticksOf(from, to)
    .filter((tick) => tick >= from && tick <= to)
    .map(
      (tick) =>
        `<text x="${x(tick)}" y="${top + plotHeight + 18}" text-anchor="middle">${tick.toLocaleString("en")}</text>`,
    );
  const legend = lines.map(({ name, number: n }, i) => {
    const at = top + plotHeight + bottom + row * i;
    return `<line x1="${left}" x2="${left + 22}" y1="${at}" y2="${at}" stroke="${colourOf(n)}" stroke-width="3" stroke-dasharray="${dashOf(n).join(" ")}"/><text x="${left + 30}" y="${at + 4}">${escaped(name)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, sans-serif" font-size="12" fill="var(--soft)">`,
    `<rect width="${width}" height="${height}" fill="var(--surface)"/>`,
    `<text x="${left}" y="20" font-size="14" font-weight="600" fill="var(--ink)">${escaped(title)} <tspan font-weight="400" font-size="12">${escaped(unit)}</tspan></text>`,
    ...grid,
    ...xLabels,
    `<text x="${(left + width - right) / 2}" y="${top + plotHeight + 34}" text-anchor="middle">${escaped(axis)}</text>`,
    ...drawn,
    ...legend,
    "</svg>",
  ].join("\n");
}

/** The way back along a path, joined to the one before. */
const reversed = (d: string): string => {
  const [first, ...rest] = d.slice(1).split("L").reverse();
  return first ? `L${[first, ...rest].join("L")}` : "";
};

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
