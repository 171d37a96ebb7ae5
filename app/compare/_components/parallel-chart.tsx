"use client";

import { useMemo, useRef, useState } from "react";
import type { ComparedRun } from "@/lib/runs/compare/compare-schema";
import { Button } from "../../ui/buttons";
import { Card } from "../../ui/cards";
import { useWidth } from "../../ui/use-width";
import { colourOf, dashOf } from "./colours";
import { labelOf, labelsOf } from "./field-labels";
import { type Brush, inOrder, isBrushed, moved, type ParallelAxis, parallelAxes, type Stretch } from "./parallel";
import { AxisHandle, frame, ParallelAxisView } from "./parallel-axis";
import { SaveChart, svgOf } from "./save-chart";
import { Swatch } from "./swatch";

const { height, side, least } = frame;

/** Config fields on the left, final metrics on the right, one line per run. Axes are moved by their names, and brushed to pick runs. */
export function ParallelChart({ runs }: { runs: ComparedRun[] }) {
  const host = useRef<HTMLDivElement>(null);
  const labels = useMemo(() => labelsOf(runs), [runs]);
  const [order, setOrder] = useState<string[]>([]);
  const [brushes, setBrushes] = useState<Brush[]>([]);
  const [lit, setLit] = useState<string | null>(null);
  const axes = inOrder(
    parallelAxes(runs, (path) => labelOf(labels, path)),
    order,
  );
  const width = Math.max(2 * side + least * (axes.length - 1), useWidth(host, 720));
  if (runs.length < 2 || axes.length < 2)
    return (
      <Card title="Parallel coordinates">
        <p className="text-soft">Pick runs that differ in a setting or a result.</p>
      </Card>
    );
  const between = (width - 2 * side) / (axes.length - 1);
  const x = (i: number) => side + between * i;
  const brushOf = (id: string) => brushes.find((brush) => brush.id === id) ?? null;
  const setBrush = (id: string, stretch: Stretch | null) =>
    setBrushes([...brushes.filter((brush) => brush.id !== id), ...(stretch ? [{ ...stretch, id }] : [])]);
  const isOn = (run: ComparedRun, r: number) => isBrushed(axes, brushes, r) && (lit === null || lit === run.id);
  return (
    <Card
      title="Parallel coordinates"
      action={
        <span className="flex items-center gap-3">
          {brushes.length > 0 && <Button onClick={() => setBrushes([])}>Clear selection</Button>}
          <SaveChart name="Parallel coordinates" svg={() => svgOf(host.current?.querySelector("svg"))} />
        </span>
      }
    >
      <div ref={host} className="relative min-w-0 overflow-x-auto">
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          xmlns="http://www.w3.org/2000/svg"
          role="img"
          aria-label={`Parallel coordinates of ${runs.length} runs: ${axes.map(({ name }) => name).join(", ")}; the other tabs have the numbers`}
          className="numbers block fill-soft text-xs"
        >
          {runs.map((run, r) => (
            <path
              key={run.id}
              d={pathOf(axes, r, x)}
              fill="none"
              stroke={colourOf(run.number)}
              strokeDasharray={dashOf(run.number).join(" ")}
              strokeWidth={lit === run.id ? 3.5 : 1.8}
              strokeOpacity={isOn(run, r) ? 0.9 : 0.12}
            >
              <title>{run.name}</title>
            </path>
          ))}
          {axes.map((axis, i) => (
            <ParallelAxisView
              key={axis.id}
              axis={axis}
              x={x(i)}
              between={between}
              brush={brushOf(axis.id)}
              onBrush={(stretch) => setBrush(axis.id, stretch)}
            />
          ))}
        </svg>
        {axes.map(({ id, name }, i) => (
          <AxisHandle
            key={id}
            name={name}
            x={x(i)}
            between={between}
            onMove={(by) => setOrder(moved(axes, id, by))}
            brush={brushOf(id)}
            onBrush={(stretch) => setBrush(id, stretch)}
          />
        ))}
      </div>
      <p className="mt-1 text-soft text-xs">
        Drag along an axis to pick the runs that pass there. Drag the name of an axis to move it, or focus it: ← and →
        move it, ↑ and ↓ leave out runs from the bottom and the top, with Shift they take them back, Esc clears.
      </p>
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {runs.map(({ id, name, number }) => (
          <li key={id}>
            <button
              type="button"
              className="flex items-center gap-1.5 rounded-sm px-1 aria-pressed:bg-raised"
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
function pathOf(axes: ParallelAxis[], run: number, x: (i: number) => number): string {
  let joined = false;
  return axes
    .map(({ positions }, i) => {
      const position = positions[run] ?? null;
      const step = position === null ? "" : `${joined ? "L" : "M"}${x(i).toFixed(1)} ${frame.y(position).toFixed(1)}`;
      joined = position !== null;
      return step;
    })
    .join("");
}
