"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { type MetricName, metrics } from "@/spec/metrics/catalogue";
import { ChartTable } from "./chart-table";
import { number } from "./format";
import {
  height as cardHeight,
  columnAt,
  columnsOf,
  dashes,
  type LinePlot,
  type NamedLine,
  plotOptions,
  strokes,
} from "./line-plot";
import { moveCursor, useThemeChanges } from "./plot";

interface LineChartProps extends Pick<LinePlot, "zoom" | "onZoom" | "log" | "ignoreOutliers"> {
  title: string;
  /** All that it may draw. */
  names: MetricName[];
  /** What was measured; nothing yet, where it is empty. */
  lines: NamedLine[];
  /** What the horizontal axis counts. */
  axis: { label: string; unit: string };
  /** Steps with an alert. */
  marks: number[];
  height?: number;
  /** Buttons beside the title. */
  actions?: ReactNode;
}

/**
 * Lines over steps, or what else counts up: a crosshair shared by all charts (pointer or arrow keys), zoom by dragging, and a table of the values. As large before
 * the first value as after it.
 */
export function LineChart(props: LineChartProps) {
  const { title, names, lines, axis, marks, zoom, onZoom, log, ignoreOutliers, height = cardHeight, actions } = props;
  const axisLabel = axis.label.includes(axis.unit) ? axis.label : `${axis.label}, ${axis.unit}`;
  const host = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const plot = usePlot(host, {
    ...{ lines, zoom, onZoom, axis: axisLabel, log, ignoreOutliers, height, marks },
    onCursor: setCursor,
  });
  const columns = columnsOf(lines);
  const { unit, about } = metrics[names[0]!];
  const steps = columns[0] as number[];
  const at = cursor !== null && cursor < steps.length ? cursor : null;
  return (
    <figure className="min-w-0 rounded-md border bg-surface p-3" aria-label={`${title}, ${unit}`}>
      <figcaption>
        <span className="flex h-7 items-center justify-between gap-2">
          <span className="min-w-0 truncate font-medium" title={about}>
            {title} {unit && <span className="font-normal text-soft text-xs">{unit}</span>}
          </span>
          {actions && <span className="flex shrink-0">{actions}</span>}
        </span>
        <span className="numbers flex h-5 gap-x-3 overflow-hidden whitespace-nowrap text-xs">
          {at !== null && (
            <span className="text-soft">
              {axis.label} {number(steps[at], 0)}
            </span>
          )}
          {lines.map(({ name, line }, i) => (
            <span key={name} title={metrics[name].about} className="inline-flex items-center gap-1">
              <Dash index={i} />
              {lines.length > 1 && metrics[name].label}{" "}
              {number(at === null ? line.y.at(-1) : columns[columnAt(lines, i)]?.[at])}
            </span>
          ))}
        </span>
      </figcaption>
      <section
        tabIndex={0}
        aria-label={`${title} over ${axis.label}; arrow keys move the cursor`}
        onKeyDown={(event) => moveCursor(event, plot.current)}
        className="relative"
      >
        <div ref={host} style={{ height }} aria-hidden="true" />
        {lines.length === 0 && (
          <p className="absolute inset-0 flex items-center justify-center rounded bg-raised/50 text-soft text-xs">
            No data yet
          </p>
        )}
      </section>
      <ChartTable
        title={title}
        columns={[axisLabel, ...lines.map(({ name }) => metrics[name].label)]}
        rows={() => valuesOf(lines, columns)}
      />
    </figure>
  );
}

function Dash({ index }: { index: number }) {
  const [stroke, dash] = [strokes[index % strokes.length], dashes[index % dashes.length]];
  return (
    <svg width="14" height="3" aria-hidden="true">
      <line
        x1="0"
        y1="1.5"
        x2="14"
        y2="1.5"
        stroke={`var(${stroke})`}
        strokeWidth="2"
        strokeDasharray={dash?.join(" ")}
      />
    </svg>
  );
}

interface PlotInput extends Omit<LinePlot, "size" | "marks"> {
  height: number;
  marks: number[];
}

/** A uPlot in the host, recreated for other lines or another theme; new values are passed to the existing one. */
function usePlot(host: React.RefObject<HTMLDivElement | null>, input: PlotInput) {
  const plot = useRef<uPlot | null>(null);
  const themed = useThemeChanges();
  const latest = useRef(input);
  latest.current = input;
  const { lines, zoom, axis, log, ignoreOutliers, height } = input;
  const shape = lines.map(({ name, line }) => `${name}${line.low ? "±" : ""}${line.smooth ? "~" : ""}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what `latest` holds is read when it is needed
  useEffect(() => {
    const element = host.current;
    if (!element || shape === "") return;
    const { lines, zoom, axis, log, ignoreOutliers, height } = latest.current;
    const made = new uPlot(
      plotOptions({
        ...{ lines, zoom, axis, log, ignoreOutliers },
        size: { width: element.clientWidth, height },
        onZoom: (next) => latest.current.onZoom(next),
        onCursor: (index) => latest.current.onCursor(index),
        marks: () => latest.current.marks,
      }),
      columnsOf(lines),
      element,
    );
    plot.current = made;
    const resize = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape, zoom?.from, zoom?.to, axis, log, ignoreOutliers, height, themed]);
  useEffect(() => plot.current?.setData(columnsOf(lines)), [lines]);
  return plot;
}

const newestRows = 100;

function valuesOf(lines: NamedLine[], columns: uPlot.AlignedData): [number, ...string[]][] {
  const steps = columns[0] as number[];
  const first = Math.max(0, steps.length - newestRows);
  return steps
    .slice(first)
    .map((step, row) => [step, ...lines.map((_, i) => number(columns[columnAt(lines, i)]?.[first + row]))]);
}
