"use client";

import { useRef, useState } from "react";
import type { ComparedRun } from "@/lib/runs/compare/compare-schema";
import { Card } from "../../ui/cards";
import { useWidth } from "../../ui/use-width";
import { colourOf, dashOf } from "./colours";
import { type ParallelAxis, parallelAxes } from "./parallel";
import { SaveChart, svgOf } from "./save-chart";
import { Swatch } from "./swatch";

const [height, top, bottom, side] = [260, 44, 20, 70];

/** Parallel coordinates: config fields on the left, final metrics on the right, one line per run. */
export function ParallelChart({ runs }: { runs: ComparedRun[] }) {
  const host = useRef<HTMLDivElement>(null);
  const width = Math.max(320, useWidth(host, 720));
  const [lit, setLit] = useState<string | null>(null);
  const axes = parallelAxes(runs);
  if (runs.length < 2 || axes.length < 2) return null;
  const x = (i: number) => side + ((width - 2 * side) * i) / (axes.length - 1);
  const y = (position: number) => top + (height - top - bottom) * (1 - position);
  return (
    <Card
      title="Parallel coordinates"
      action={<SaveChart name="Parallel coordinates" svg={() => svgOf(host.current?.querySelector("svg"))} />}
    >
      <div ref={host} className="min-w-0 overflow-x-auto">
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          xmlns="http://www.w3.org/2000/svg"
          role="img"
          aria-label={`Parallel coordinates of ${runs.length} runs: ${axes.map(({ name }) => name).join(", ")}; the tables on this page have the numbers`}
          className="numbers block max-w-full fill-soft text-xs"
        >
          {runs.map((run, r) => (
            <path
              key={run.id}
              d={pathOf(axes, r, x, y)}
              fill="none"
              stroke={colourOf(run.number)}
              strokeDasharray={dashOf(run.number).join(" ")}
              strokeWidth={lit === run.id ? 3.5 : 1.8}
              strokeOpacity={lit === null || lit === run.id ? 0.9 : 0.15}
            >
              <title>{run.name}</title>
            </path>
          ))}
          {axes.map((axis, i) => (
            <Axis key={axis.name} axis={axis} x={x(i)} y={y} raised={i % 2 === 1} />
          ))}
        </svg>
      </div>
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {runs.map(({ id, name, number }) => (
          <li key={id}>
            <button
              type="button"
              className="flex items-center gap-1.5"
              aria-pressed={lit === id}
              onClick={() => setLit(lit === id ? null : id)}
            >
              <Swatch number={number} />
              <span className="max-w-60 truncate">{name}</span>
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Through the axes where the run has a value; broken where it has none. */
function pathOf(axes: ParallelAxis[], run: number, x: (i: number) => number, y: (position: number) => number): string {
  let joined = false;
  return axes
    .map(({ positions }, i) => {
      const position = positions[run] ?? null;
      const step = position === null ? "" : `${joined ? "L" : "M"}${x(i).toFixed(1)} ${y(position).toFixed(1)}`;
      joined = position !== null;
      return step;
    })
    .join("");
}

interface AxisProps {
  axis: ParallelAxis;
  x: number;
  y: (position: number) => number;
  /** Neighbouring names are on two levels, so that they do not overlap. */
  raised: boolean;
}

function Axis({ axis: { name, ticks }, x, y, raised }: AxisProps) {
  return (
    <g>
      <line x1={x} x2={x} y1={y(0)} y2={y(1)} stroke="var(--soft)" />
      <text x={x} y={raised ? 12 : 28} textAnchor="middle">
        {name}
      </text>
      {ticks.map(({ label, at }) => (
        <text
          key={label}
          x={x + 5}
          y={y(at) + (at === 0 ? 12 : 4)}
          stroke="var(--surface)"
          strokeWidth="3"
          paintOrder="stroke"
        >
          {label}
        </text>
      ))}
    </g>
  );
}
