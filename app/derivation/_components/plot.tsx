import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { useRef } from "react";
import { ChartTable } from "../../ui/chart-table";
import { number } from "../../ui/format";
import { useWidth } from "../../ui/use-width";
import type { Point } from "./curves";

interface Series {
  name: string;
  colour: string;
  points: Point[];
}
interface Line extends Series {
  dashed?: boolean;
}
interface Marks extends Series {
  shape: "dot" | "ring" | "speck";
  /** Beside each. */
  labels?: string[];
}
interface Props {
  title: string;
  x: string;
  y: string;
  lines: Line[];
  marks: Marks[];
}

const height = 300;
const [left, right, top, bottom] = [44, 28, 34, 40];
const radius = { dot: 4.5, ring: 5.5, speck: 1.8 };

/** Lines and marks over two numbers; what they are stands under it, and their numbers in a table. */
export function Plot({ title, x, y, lines, marks }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const width = Math.max(240, useWidth(host, 480));
  const ticks = width < 400 ? 3 : 5;
  const all = [...lines, ...marks].flatMap(({ points }) => points);
  const scale = (values: number[], range: number[]) =>
    scaleLinear([Math.min(0, ...values), Math.max(0.1, ...values)], range).nice(ticks);
  const at = {
    x: scale(
      all.map((point) => point.x),
      [left, width - right],
    ),
    y: scale(
      all.map((point) => point.y),
      [height - bottom, top],
    ),
  };
  const path = line<Point>(
    (point) => at.x(point.x),
    (point) => at.y(point.y),
  );
  return (
    <figure ref={host} className="min-w-0" aria-label={title}>
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${title}: ${y} over ${x}; the table below has the numbers`}
        className="numbers block max-w-full fill-soft text-xs"
      >
        {at.y.ticks(ticks).map((tick) => (
          <g key={tick}>
            <line x1={left} x2={width - right} y1={at.y(tick)} y2={at.y(tick)} stroke="var(--line)" />
            <text x={left - 8} y={at.y(tick) + 4} textAnchor="end">
              {at.y.tickFormat(ticks)(tick)}
            </text>
          </g>
        ))}
        {at.x.ticks(ticks).map((tick) => (
          <text key={tick} x={at.x(tick)} y={height - bottom + 16} textAnchor="middle">
            {at.x.tickFormat(ticks)(tick)}
          </text>
        ))}
        <text x={(left + width - right) / 2} y={height - 6} textAnchor="middle">
          {x}
        </text>
        <text x={4} y={12}>
          {y}
        </text>
        {lines.map(({ name, colour, points, dashed }) => (
          <path
            key={name}
            d={path(points) ?? ""}
            fill="none"
            stroke={colour}
            strokeWidth="2"
            strokeDasharray={dashed ? "6 4" : ""}
          />
        ))}
        {marks.map((series) => (
          <MarksOf key={series.name} series={series} at={at} />
        ))}
      </svg>
      <figcaption>
        <Legend lines={lines} marks={marks} />
        <ChartTable title={title} columns={["", x, y]} rows={() => rowsOf(lines, marks)} />
      </figcaption>
    </figure>
  );
}

type At = Record<"x" | "y", (value: number) => number>;

function MarksOf({ series: { name, colour, points, shape, labels }, at }: { series: Marks; at: At }) {
  return points.map((point, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the n-th mark stands for the n-th answer
    <g key={i}>
      <circle
        cx={at.x(point.x)}
        cy={at.y(point.y)}
        r={radius[shape]}
        fill={shape === "ring" ? "var(--surface)" : colour}
        fillOpacity={shape === "speck" ? 0.6 : 1}
        stroke={shape === "speck" ? "none" : colour}
        strokeWidth="2"
      >
        <title>{`${labels?.[i] ?? name}: ${number(point.x, 2)}, ${number(point.y, 2)}`}</title>
      </circle>
      {labels && (
        <text x={at.x(point.x) + 9} y={at.y(point.y) + 4}>
          {labels[i]}
        </text>
      )}
    </g>
  ));
}

const Legend = ({ lines, marks }: { lines: Line[]; marks: Marks[] }) => (
  <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-xs">
    {lines.map(({ name, colour, dashed }) => (
      <li key={name} className="flex items-center gap-1.5">
        <svg width="18" height="4" aria-hidden="true" className="shrink-0">
          <line x2="18" y1="2" y2="2" stroke={colour} strokeWidth="2" strokeDasharray={dashed ? "6 4" : ""} />
        </svg>
        {name}
      </li>
    ))}
    {marks.map(({ name, colour, shape }) => (
      <li key={name} className="flex items-center gap-1.5">
        <svg width="12" height="12" aria-hidden="true" className="shrink-0">
          <circle
            cx="6"
            cy="6"
            r={radius[shape] - 0.5}
            fill={shape === "ring" ? "var(--surface)" : colour}
            stroke={colour}
            strokeWidth={shape === "speck" ? 0 : 2}
          />
        </svg>
        {name}
      </li>
    ))}
  </ul>
);

/** Of a line its ends are enough: the marks are what is read off. */
const rowsOf = (lines: Line[], marks: Marks[]): [string, ...string[]][] =>
  [
    ...lines.map(({ name, points }) => ({ name, points: [points[0]!, points.at(-1)!], labels: ["from", "to"] })),
    ...marks.filter(({ shape }) => shape !== "speck"),
  ].flatMap(({ name, points, labels }) =>
    points.map(({ x, y }, i): [string, ...string[]] => [
      labels ? `${name}, ${labels[i]}` : name,
      number(x, 3),
      number(y, 3),
    ]),
  );
