"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { curvesQuery } from "@/app/_client/queries";
import type { Curves, RunDetail } from "@/lib/runs/run-schema";
import { methodOf } from "@/spec/methods/all";
import type { MetricName } from "@/spec/metrics/catalogue";
import { smoothed } from "../../../ui/smooth";
import { Calibration } from "./calibration";
import { ChartCard } from "./chart-card";
import { arranged, plannedCharts } from "./chart-plan";
import { ChartToolbar, useChartSettings } from "./chart-settings";

/** One crosshair over all charts; a drag across one asks for what lies there in detail. */
export function Charts({ run, lines }: { run: RunDetail; lines: Curves["lines"] }) {
  const [zoom, setZoom] = useState<{ from: number; to: number } | null>(null);
  const [search, setSearch] = useState("");
  const [settings, set] = useChartSettings();
  const { data: near } = useQuery({ ...curvesQuery(run.id, zoom), enabled: zoom !== null });
  const shown = zoom && near ? near.lines : lines;
  const groups = arranged(plannedCharts(run, lines), settings.pinned, search);
  const marks = run.alerts.map(({ step }) => step);
  const pin = (title: string) =>
    set({
      ...settings,
      pinned: settings.pinned.includes(title)
        ? settings.pinned.filter((other) => other !== title)
        : [...settings.pinned, title],
    });
  return (
    <>
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
        <section key={title} aria-label={`${title}: charts`} className="mt-4">
          <h2 className="mb-2 text-sm">{title}</h2>
          <div className={chartGrid}>
            {charts.map(({ name, title, names }) => (
              <ChartCard
                key={name}
                title={title}
                names={names}
                lines={linesOf(names, shown, settings.smoothing)}
                marks={marks}
                log={settings.log}
                zoom={zoom}
                onZoom={setZoom}
                pinned={settings.pinned.includes(title)}
                onPin={() => pin(title)}
              />
            ))}
            {title.startsWith("Reward") && methodOf(run.config).produces === "reward-model" && (
              <Calibration values={run.latest} step={lines["eval_calibration/error"]?.x.at(-1) ?? run.step} />
            )}
          </div>
        </section>
      ))}
    </>
  );
}

/** As many columns as fit. */
export const chartGrid = "grid gap-4 grid-cols-[repeat(auto-fill,minmax(min(320px,100%),1fr))]";

export const linesOf = (names: MetricName[], lines: Curves["lines"], smoothing: number) =>
  names.flatMap((name) => {
    const line = lines[name];
    if (!line) return [];
    const smooth = smoothing > 0 ? smoothed(line.x, line.y, smoothing) : null;
    return [{ name, line: { ...line, smooth } }];
  });
