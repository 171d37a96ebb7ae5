"use client";

import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Point } from "@/lib/runs/schema";
import { type MetricName, metrics } from "@/trainers/metrics";
import { number } from "./format";
import { axisLook, color, useThemeChanges, widthOf } from "./plot";

interface LineChartProps {
  title: string;
  names: MetricName[];
  error?: MetricName | undefined;
  points: Point[];
}

// Held-out and chosen are solid accents; the second and third line differ in dash as well as hue.
const strokes = ["--accent", "--b", "--a"];
const dashes = [undefined, [6, 4], [2, 3]];
const height = 190;

/** Lines over steps by uPlot: gaps for what was not measured, a 95 % band where the error is known, a table for those who want one. */
export function LineChart({ title, names, error, points }: LineChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const themed = useThemeChanges();
  const key = names.join();
  const unit = metrics[names[0]!].unit;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the plot is made anew for other lines or another theme; data comes below
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = new uPlot(options(names, error, element.clientWidth), columns(points, names, error), element);
    plot.current = made;
    const resize = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [key, themed]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: names are in `key`
  useEffect(() => plot.current?.setData(columns(points, names, error)), [points, key]);

  const last = (name: MetricName) => points.findLast((point) => point.values[name] !== undefined)?.values[name];
  return (
    <figure className="min-w-0 rounded-md border bg-surface p-3" aria-label={`${title}, ${unit}`}>
      <figcaption className="mb-1 flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-medium">
          {title} {unit && <span className="font-normal text-soft text-xs">{unit}</span>}
        </span>
        <span className="numbers flex flex-wrap gap-x-3 text-xs">
          {names.map((name, i) => (
            <span key={name} title={metrics[name].about} className="inline-flex items-center gap-1">
              <svg width="14" height="3" aria-hidden="true">
                <line
                  x1="0"
                  y1="1.5"
                  x2="14"
                  y2="1.5"
                  stroke={`var(${strokes[i]})`}
                  strokeWidth="2"
                  strokeDasharray={dashes[i]?.join(" ")}
                />
              </svg>
              {names.length > 1 && metrics[name].label} {number(last(name))}
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={host} style={{ height }} aria-hidden="true" />
      <details className="mt-1 text-soft text-xs">
        <summary>Table</summary>
        <section className="max-h-48 overflow-auto" tabIndex={0} aria-label={`${title}: table`}>
          <table className="numbers w-full text-right">
            <thead>
              <tr>
                <th className="font-medium">Step</th>
                {names.map((name) => (
                  <th key={name} className="font-medium">
                    {metrics[name].label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {points
                .filter((point) => names.some((name) => point.values[name] !== undefined))
                .slice(-100)
                .map((point) => (
                  <tr key={point.seq}>
                    <td>{point.step}</td>
                    {names.map((name) => (
                      <td key={name}>{number(point.values[name])}</td>
                    ))}
                  </tr>
                ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  );
}

/** Steps, one column a line, and for the band its upper and lower edge. Steps without a value are null: uPlot joins or breaks. */
function columns(points: Point[], names: MetricName[], error: MetricName | undefined): uPlot.AlignedData {
  const kept = points.filter((point) => names.some((name) => point.values[name] !== undefined));
  const value = (point: Point, name: MetricName) => point.values[name] ?? null;
  const lines = names.map((name) => kept.map((point) => value(point, name)));
  const edge = (sign: 1 | -1) =>
    kept.map((point) =>
      error && value(point, names[0]!) !== null
        ? value(point, names[0]!)! + sign * 1.96 * (value(point, error) ?? 0)
        : null,
    );
  return [kept.map((point) => point.step), ...lines, ...(error ? [edge(1), edge(-1)] : [])];
}

/** As many as tell neighbouring ticks apart. */
const decimals = ([first = 0, second = 1]: number[]) =>
  Math.min(6, Math.max(0, Math.ceil(-Math.log10(Math.abs(second - first)) - 1e-9)));

const tickText = (tick: number, digits: number) => (tick === 0 ? "0" : number(tick, digits));

/** A tenth more than the data take; what never moves stands at the edge of a small range, not of uPlot's hundred. */
function rangeOf(min: number | null, max: number | null): [number | null, number | null] {
  if (min === null || max === null) return [min, max];
  return min === max
    ? [min - Math.abs(min) / 10, max + (Math.abs(max) / 10 || 0.1)]
    : uPlot.rangeNum(min, max, 0.1, true);
}

function options(names: MetricName[], error: MetricName | undefined, width: number): uPlot.Options {
  const axis = axisLook();
  const n = names.length;
  return {
    width,
    height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: "run" }, points: { size: 6 } },
    scales: { x: { time: false }, y: { range: (_, min, max) => rangeOf(min, max) } },
    axes: [
      { ...axis, label: "step", labelSize: 16, labelFont: axis.font, size: 28 },
      { ...axis, size: widthOf, values: (_, ticks) => ticks.map((tick) => tickText(tick, decimals(ticks))) },
    ],
    series: [
      {},
      ...names.map((name, i) => ({
        label: metrics[name].label,
        stroke: color(strokes[i]!),
        width: i === 0 ? 2 : 1.5,
        spanGaps: true,
        points: { show: name.startsWith("eval_") || name.startsWith("on_policy/") },
        ...(dashes[i] && { dash: dashes[i] }),
      })),
      ...(error
        ? [0, 1].map(() => ({ stroke: "transparent", width: 0, points: { show: false }, spanGaps: true }))
        : []),
    ],
    ...(error && {
      bands: [
        {
          series: [n + 1, n + 2] as [number, number],
          fill: `color-mix(in oklab, ${color("--accent")} 16%, transparent)`,
        },
      ],
    }),
  };
}
