"use client";

import { z } from "zod";
import { axes, type ForwardAxis, forwardAxes } from "@/lib/runs/compare/compare-schema";
import { Button } from "../../../ui/buttons";
import { number } from "../../../ui/format";
import { height } from "../../../ui/line-plot";
import { useStored } from "../../../ui/use-stored";

export const mostSpan = 4;
export const mostHeight = 800;

const chartSize = z.object({
  /** Columns of the grid. */
  span: z.int().min(1).max(mostSpan),
  /** Of the plot, in pixels. */
  height: z.int().min(100).max(mostHeight),
});
export type ChartSize = z.infer<typeof chartSize>;
export const usualSize: ChartSize = { span: 1, height };

/** A title that was changed: what somebody pinned stays pinned. */
const titleNow = (title: string) => title.replace(/^Gold (?=reward$)/, "Oracle ");

export const chartSettings = z.object({
  /** Weight of the past in the smoothed lines, 0 for none. */
  smoothing: z.number().min(0).max(0.99),
  log: z.boolean(),
  axis: z.enum(forwardAxes).default("step"),
  /** The vertical axis leaves out the highest and the lowest twentieth of the values. */
  ignoreOutliers: z.boolean().default(false),
  /** Titles of charts that stand first. */
  pinned: z.array(z.string().transform(titleNow)),
  /** Columns of the grid; 0 for as many as fit. */
  columns: z.int().min(0).max(4).default(0),
  /** By the chart's title, where somebody changed it. */
  sizes: z.record(z.string().transform(titleNow), chartSize).default({}),
  /** Titles of the sections that are folded. */
  folded: z.array(z.string()).default([]),
});
export type ChartSettings = z.infer<typeof chartSettings>;

const initial = chartSettings.parse({ smoothing: 0, log: false, pinned: [] });

/** How this browser draws the charts of every run. */
export const useChartSettings = () => useStored("run-charts", chartSettings, initial);

interface Props {
  settings: ChartSettings;
  set: (settings: ChartSettings) => void;
  search: string;
  onSearch: (search: string) => void;
  /** Null while the whole run is shown. */
  zoom: { from: number; to: number } | null;
  onWholeRun: () => void;
}

export function ChartToolbar({ settings, set, search, onSearch, zoom, onWholeRun }: Props) {
  const whole = (value: number) => Math.round(value).toLocaleString("en");
  return (
    <search className="numbers flex min-h-9 flex-wrap items-center gap-x-5 gap-y-2 text-sm">
      <input
        type="search"
        value={search}
        onChange={(event) => onSearch(event.target.value)}
        placeholder="Find a metric"
        aria-label="Find a metric"
        className="w-44 rounded-md border bg-surface px-2.5 py-1.5"
      />
      <label className="flex items-center gap-2">
        Smoothing
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={settings.smoothing}
          onChange={(event) => set({ ...settings, smoothing: Number(event.target.value) })}
          className="w-32 accent-(--accent)"
        />
        <span className="w-9 text-soft">{number(settings.smoothing, 2)}</span>
      </label>
      <label className="flex items-center gap-2">
        X axis
        <select
          value={settings.axis}
          onChange={(event) => {
            set({ ...settings, axis: event.target.value as ForwardAxis });
            onWholeRun();
          }}
          className="rounded-md border bg-surface px-2 py-1"
        >
          {forwardAxes.map((axis) => (
            <option key={axis} value={axis}>
              {axes[axis].label}
            </option>
          ))}
        </select>
      </label>
      <Check label="Log Y" checked={settings.log} onChange={(log) => set({ ...settings, log })} />
      <Check
        label="Ignore outliers"
        checked={settings.ignoreOutliers}
        onChange={(ignoreOutliers) => set({ ...settings, ignoreOutliers })}
      />
      <label className="flex items-center gap-2">
        Columns
        <select
          value={settings.columns}
          onChange={(event) => set({ ...settings, columns: Number(event.target.value) })}
          className="rounded-md border bg-surface px-2 py-1"
        >
          {[0, 1, 2, 3, 4].map((columns) => (
            <option key={columns} value={columns}>
              {columns === 0 ? "as many as fit" : columns}
            </option>
          ))}
        </select>
      </label>
      {Object.keys(settings.sizes).length > 0 && (
        <Button kind="quiet" onClick={() => set({ ...settings, sizes: {} })}>
          Reset sizes
        </Button>
      )}
      {zoom && (
        <span className="flex items-center gap-3 text-soft">
          {settings.axis === "step" ? "Steps" : `${axes[settings.axis].label}:`} {whole(zoom.from)} to {whole(zoom.to)}
          <Button onClick={onWholeRun}>Reset zoom</Button>
        </span>
      )}
    </search>
  );
}

function Check({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label className="flex items-center gap-1.5">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="accent-(--accent)"
      />
      {label}
    </label>
  );
}
