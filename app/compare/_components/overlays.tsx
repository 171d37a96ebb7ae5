import type { ComponentProps } from "react";
import type { Axis } from "@/lib/runs/compare/compare-schema";
import type { Group } from "@/lib/runs/compare/groups";
import { comparable } from "@/lib/runs/compare/identity";
import { inView, type MetricName, metrics } from "@/spec/metrics/catalogue";
import { Card } from "../../ui/cards";
import { FullScreen } from "../../ui/full-screen";
import { Choice } from "./controls";
import { OverlayChart, usualHeight } from "./overlay-chart";
import { PathChart } from "./path-chart";
import { trajectoriesOf } from "./trajectories";
import type { Show, View } from "./view";

interface Props {
  groups: Group[];
  view: View;
  show: Show;
  active: boolean;
  /** A run by its id. */
  nameOf: (id: string) => string;
}

/** Whether runs can move back and forth along the axis, so that they are drawn as trajectories. */
const isKl = (axis: Axis): axis is "kl" | "rootKl" => axis === "kl" || axis === "rootKl";

export function Overlays({ groups, view, show, active, nameOf }: Props) {
  const measured = new Set(
    groups.flatMap(({ runs }) => runs.flatMap(({ latest }) => Object.keys(latest))),
  ) as Set<MetricName>;
  const { axis } = view;
  const along = (name: MetricName) => !isKl(axis) || (name.startsWith("on_policy/") && name !== "on_policy/kl");
  const shown = [...new Set([...inView("curves"), ...view.also])].filter((name) => measured.has(name) && along(name));
  const others = (Object.keys(metrics) as MetricName[]).filter(
    (name) => measured.has(name) && along(name) && !shown.includes(name) && !name.endsWith("_se"),
  );
  const charts = shown.flatMap((name) =>
    comparable(name, groups, nameOf, view.mixed).map((part) => ({ name, ...part })),
  );
  const methods = new Set(groups.flatMap(({ runs }) => runs.map(({ method }) => method)));
  return (
    <Card
      title="Curves"
      action={
        <div className="flex flex-wrap items-end gap-3">
          {methods.size > 1 && (
            <label className="flex items-center gap-1.5 pb-1.5 text-xs">
              <input
                type="checkbox"
                checked={view.mixed}
                onChange={(event) => show({ mixed: event.target.checked })}
                className="accent-(--accent)"
              />
              Overlay losses of different methods
            </label>
          )}
          <Choice
            label="Add chart"
            value=""
            onChange={(name) => show(({ also }) => ({ also: [...also, name as MetricName] }))}
          >
            <option value="">pick a metric</option>
            {others.map((name) => (
              <option key={name} value={name}>
                {metrics[name].label} ({name})
              </option>
            ))}
          </Choice>
        </div>
      }
    >
      <div className="grid gap-4 xl:grid-cols-2">
        {charts.map(({ name, of, groups }) =>
          isKl(axis) ? (
            <figure
              key={`${name} ${of}`}
              className="min-w-0 rounded-md border p-3"
              aria-label={`${metrics[name].label}${of && ` (${of})`}`}
            >
              <figcaption className="mb-1 font-medium">
                {metrics[name].label}
                {of && ` (${of})`} <span className="font-normal text-soft text-xs">{metrics[name].unit}</span>
              </figcaption>
              <PathChart
                label={metrics[name].label}
                unit={metrics[name].unit}
                trajectories={trajectoriesOf(groups, name)}
                front={[]}
                root={axis === "rootKl"}
              />
            </figure>
          ) : (
            <CurveCard key={`${name} ${of} ${axis}`} {...{ metric: name, of, axis, groups, view, show, active }} />
          ),
        )}
      </div>
    </Card>
  );
}

/** A chart that opens over the whole screen. */
function CurveCard(chart: Omit<ComponentProps<typeof OverlayChart>, "height" | "actions">) {
  return (
    <OverlayChart
      {...chart}
      height={usualHeight}
      actions={
        <FullScreen title={metrics[chart.metric].label}>
          {(height) => <OverlayChart {...chart} height={height} />}
        </FullScreen>
      }
    />
  );
}
