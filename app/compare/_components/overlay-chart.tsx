"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { linesQuery } from "@/app/_client/queries";
import { axes, type DrawnLine, type LinesInput } from "@/lib/runs/compare/compare-schema";
import type { Group } from "@/lib/runs/compare/groups";
import { type MetricName, metrics } from "@/spec/metrics/catalogue";
import { number } from "../../ui/format";
import { moveCursor, useThemeChanges } from "../../ui/plot";
import { useWidth } from "../../ui/use-width";
import { chartSvg, type SvgChart } from "./chart-svg";
import { nearest } from "./nearest";
import { overlayData, overlayOptions, shapeOf } from "./overlay-plot";
import { SaveChart } from "./save-chart";
import { Swatch } from "./swatch";
import type { Show, View } from "./view";

/** Of a plot in the grid. */
export const usualHeight = 220;

interface Props {
  metric: MetricName;
  /** Whose, where that has to be said. */
  of: string;
  axis: LinesInput["axis"];
  groups: Group[];
  view: View;
  show: Show;
  active: boolean;
  height: number;
  /** Buttons beside the title. */
  actions?: ReactNode;
}

/** One metric of every group. Dragging zooms and fetches the detail; the arrow keys move the cursor. */
export function OverlayChart({ metric, of, axis, groups, view, show, active, height, actions }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host, 480);
  const search = searchOf({ metric, axis, groups, view, columns: Math.max(100, Math.round(width / 20) * 20) });
  const { data: lines = [] } = useQuery({
    ...linesQuery(search),
    placeholderData: keepPreviousData,
    refetchInterval: active ? 3000 : false,
  });
  const [cursor, setCursor] = useState<number | null>(null);
  const numbers = groups.map((group) => group.number).join();
  const fits = lines.length === groups.length; // otherwise the response is for other groups
  const plot = usePlot(
    host,
    { width, height },
    { lines: fits ? lines : [], numbers, axis, view, show, cursor, setCursor },
  );
  const { unit, about } = metrics[metric];
  const label = `${metrics[metric].label}${of && ` (${of})`}`;
  const asDrawn = (): SvgChart => ({
    title: label,
    unit,
    axis: axes[axis].label,
    log: view.log,
    zoom: view.zoom,
    lines: groups.flatMap(({ name, number }, i) => {
      const line = lines[i];
      return line ? [{ name, number, line }] : [];
    }),
  });
  return (
    <figure className="min-w-0 rounded-md border p-3" aria-label={label}>
      <figcaption className="mb-1 flex items-baseline justify-between gap-2 font-medium" title={about}>
        <span>
          {label} <span className="font-normal text-soft text-xs">{unit}</span>
        </span>
        <span className="flex shrink-0 items-center gap-2">
          <SaveChart name={label} svg={() => chartSvg(asDrawn())} empty={!fits || lines.length === 0} />
          {actions}
        </span>
      </figcaption>
      <section
        tabIndex={0}
        aria-label={`${label} over ${axes[axis].label}; arrow keys move the cursor`}
        onKeyDown={(event) => moveCursor(event, plot.current)}
      >
        <div ref={host} style={{ height }} aria-hidden="true" />
      </section>
      <Readout label={label} groups={groups} lines={fits ? lines : []} at={cursor} axis={axis} />
    </figure>
  );
}

function searchOf({
  metric,
  axis,
  groups,
  view,
  columns,
}: Pick<Props, "metric" | "axis" | "groups" | "view"> & { columns: number }): string {
  return new URLSearchParams({
    metric,
    axis,
    groups: groups.map(({ runs }) => runs.map(({ id }) => id).join(".")).join(","),
    columns: String(columns),
    ...(view.smooth > 0 && { smooth: String(view.smooth) }),
    ...(view.zoom && { from: String(view.zoom.from), to: String(view.zoom.to) }),
  }).toString();
}

interface PlotInput {
  lines: (DrawnLine | null)[];
  numbers: string;
  axis: LinesInput["axis"];
  view: View;
  show: Show;
  cursor: number | null;
  setCursor: (x: number | null) => void;
}

/** A uPlot in the host, recreated for other lines, axes or themes with its cursor in place; new values are passed to the existing one. */
function usePlot(
  host: React.RefObject<HTMLDivElement | null>,
  { width, height }: { width: number; height: number },
  input: PlotInput,
) {
  const plot = useRef<uPlot | null>(null);
  const themed = useThemeChanges();
  const latest = useRef({ ...input, width });
  latest.current = { ...input, width };
  const { lines, numbers, axis, view } = input;
  const [from, to] = [view.zoom?.from, view.zoom?.to];
  const shape = shapeOf(lines);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme repaints; what `latest` holds is read when it is needed
  useEffect(() => {
    if (!host.current || shape === "") return;
    const { cursor, lines, width } = latest.current;
    const made = new uPlot(
      overlayOptions({
        lines,
        numbers: numbers.split(",").map(Number),
        axis,
        log: view.log,
        zoom: from === undefined || to === undefined ? null : { from, to },
        size: { width, height },
        cursor,
        onCursor: (x) => latest.current.setCursor(x),
        onZoom: (zoom) => latest.current.show({ zoom }),
      }),
      overlayData(lines),
      host.current,
    );
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [shape, numbers, axis, view.log, from, to, height, themed]);
  useEffect(() => plot.current?.setData(overlayData(lines)), [lines]);
  useEffect(() => plot.current?.setSize({ width, height }), [width, height]);
  return plot;
}

/** In pixels; and how many lines are shown without scrolling. */
const [lineHeight, mostShown] = [20, 6];

/** Values at the cursor, of each run where it was measured nearest to it; else the last. From the highest down. */
function Readout({
  label,
  groups,
  lines,
  at,
  axis,
}: {
  label: string;
  groups: Group[];
  lines: (DrawnLine | null)[];
  at: number | null;
  axis: LinesInput["axis"];
}) {
  const rows = groups.flatMap(({ name, number: n }, i) => {
    const line = lines[i];
    if (!line) return [];
    const index = at === null ? line.x.length - 1 : nearest(line.x, at);
    return index < 0 ? [] : [{ name, n, x: line.x[index]!, value: (line.smooth ?? line.y)[index]! }];
  });
  return (
    <section
      className="numbers mt-1 overflow-y-auto text-xs leading-5"
      style={{ height: lineHeight * Math.min(mostShown, groups.length + 1) }}
      tabIndex={0}
      aria-label={`${label}: values`}
    >
      <p className="text-soft">
        {lines.length === 0
          ? "Loading…"
          : rows.length === 0
            ? "No data yet"
            : at === null
              ? "Last value"
              : `At ${axes[axis].label} ${number(at, 0)}`}
      </p>
      <ul>
        {rows
          .toSorted((a, b) => b.value - a.value)
          .map(({ name, n, x, value }) => (
            <li key={name} className="flex items-center gap-1.5">
              <Swatch number={n} />
              <span className="min-w-0 truncate">{name}</span>
              <span className="ml-auto">
                {at !== null && x !== at && <span className="text-soft">at {number(x, 0)}: </span>}
                {number(value)}
              </span>
            </li>
          ))}
      </ul>
    </section>
  );
}
