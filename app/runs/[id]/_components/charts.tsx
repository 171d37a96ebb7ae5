"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { curvesQuery } from "@/app/_client/queries";
import { axes } from "@/lib/runs/compare/compare-schema";
import type { Curves, RunDetail } from "@/lib/runs/run-schema";
import { methodOf } from "@/spec/methods/all";
import type { MetricName } from "@/spec/metrics/catalogue";
import { smoothed } from "../../../ui/smooth";
import { useWidth } from "../../../ui/use-width";
import { Calibration } from "./calibration";
import { ChartCard } from "./chart-card";
import { arranged, plannedCharts } from "./chart-plan";
import { ChartToolbar, useChartSettings, usualSize } from "./chart-settings";

/** One crosshair over all charts; a drag across one asks for what lies there in detail. */
export function Charts({ run, lines }: { run: RunDetail; lines: Curves["lines"] }) {
  const [zoom, setZoom] = useState<{ from: number; to: number } | null>(null);
  const [search, setSearch] = useState("");
  const [settings, set] = useChartSettings();
  const { axis, ignoreOutliers } = settings;
  const asked = zoom !== null || axis !== "step"; // the whole over steps comes with the page and grows by itself
  const { data: near } = useQuery({
    ...curvesQuery(run.id, zoom, axis),
    enabled: asked,
    placeholderData: (before, query) => (query?.queryKey[3] === axis ? before : undefined),
    refetchInterval: run.status === "running" ? otherAxisMs : false,
  });
  const shown = (asked && near?.lines) || (axis === "step" ? lines : {});
  const groups = arranged(plannedCharts(run, lines), settings.pinned, search);
  const marks = axis === "step" ? run.alerts.map(({ step }) => step) : [];
  const toggled = (titles: string[], title: string) =>
    titles.includes(title) ? titles.filter((other) => other !== title) : [...titles, title];
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host, 0);
  const columns = settings.columns || Math.max(1, Math.floor((width + gap) / (leastWidth + gap)));
  return (
    <div ref={host}>
      <ChartToolbar
        settings={settings}
        set={set}
        search={search}
        onSearch={setSearch}
        zoom={zoom}
        onWholeRun={() => setZoom(null)}
      />
      {groups.length === 0 && (
        <p className="mt-4 rounded-md border border-dashed p-6 text-center text-soft">
          {search === "" ? "This run has logged no metrics." : `No chart is about "${search}".`}
        </p>
      )}
      {groups.map(({ title, charts }) => (
        <ChartSection
          key={title}
          title={title}
          folded={settings.folded.includes(title) && search === ""}
          onFold={() => set({ ...settings, folded: toggled(settings.folded, title) })}
          columns={settings.columns}
        >
          {charts.map(({ name, title, names }) => (
            <ChartCard
              key={name}
              title={title}
              names={names}
              lines={linesOf(names, shown, settings.smoothing)}
              marks={marks}
              axis={axes[axis]}
              log={settings.log}
              ignoreOutliers={ignoreOutliers}
              zoom={zoom}
              onZoom={setZoom}
              pinned={settings.pinned.includes(title)}
              onPin={() => set({ ...settings, pinned: toggled(settings.pinned, title) })}
              size={settings.sizes[title] ?? usualSize}
              onResize={(size) => set({ ...settings, sizes: { ...settings.sizes, [title]: size } })}
              columns={columns}
            />
          ))}
          {title.startsWith("Reward") && methodOf(run.config).produces === "reward-model" && (
            <Calibration values={run.latest} step={lines["eval_calibration/error"]?.x.at(-1) ?? run.step} />
          )}
        </ChartSection>
      ))}
    </div>
  );
}

interface SectionProps {
  title: string;
  folded: boolean;
  onFold: () => void;
  /** 0: as many as fit. */
  columns: number;
  children: ReactNode;
}

/** Charts under a heading that folds them. */
function ChartSection({ title, folded, onFold, columns, children }: SectionProps) {
  return (
    <section aria-label={`${title}: charts`} className="mt-4">
      <h2 className="mb-2 text-sm">
        <button
          type="button"
          aria-expanded={!folded}
          onClick={onFold}
          className="flex items-center gap-1 hover:text-accent"
        >
          {folded ? <ChevronRight size={14} aria-hidden /> : <ChevronDown size={14} aria-hidden />} {title}
        </button>
      </h2>
      {!folded && (
        <div
          className={chartGrid}
          style={columns > 0 ? { gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` } : undefined}
        >
          {children}
        </div>
      )}
    </section>
  );
}

/** Between two looks at a running run along another axis than its steps. */
const otherAxisMs = 5000;

/** The least width of a card, and between two, as the grid below has them; in pixels. */
const [leastWidth, gap] = [320, 16];

/** As many columns as fit. */
export const chartGrid = "grid gap-4 grid-cols-[repeat(auto-fill,minmax(min(320px,100%),1fr))]";

export const linesOf = (names: MetricName[], lines: Curves["lines"], smoothing: number) =>
  names.flatMap((name) => {
    const line = lines[name];
    if (!line) return [];
    const smooth = smoothing > 0 ? smoothed(line.x, line.y, smoothing) : null;
    return [{ name, line: { ...line, smooth } }];
  });
