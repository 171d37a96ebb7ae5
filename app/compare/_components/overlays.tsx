import type { Axis } from "@/lib/runs/compare/compare-schema";
import type { Group } from "@/lib/runs/compare/groups";
import { inView, type MetricName, metrics } from "@/spec/metrics/catalogue";
import { Button } from "../../ui/buttons";
import { Card } from "../../ui/cards";
import { Choice } from "./controls";
import { trajectoriesOf } from "./frontier";
import { OverlayChart } from "./overlay-chart";
import { PathChart } from "./path-chart";
import type { View } from "./view";

interface Props {
  groups: Group[];
  view: View;
  show: (change: Partial<View>) => void;
  active: boolean;
}

/** Whether runs can move back and forth along the axis, so that they are drawn as trajectories. */
const isKl = (axis: Axis): axis is "kl" | "rootKl" => axis === "kl" || axis === "rootKl";

export function Overlays({ groups, view, show, active }: Props) {
  const measured = new Set(
    groups.flatMap(({ runs }) => runs.flatMap(({ latest }) => Object.keys(latest))),
  ) as Set<MetricName>;
  const { axis } = view;
  const along = (name: MetricName) => !isKl(axis) || (name.startsWith("on_policy/") && name !== "on_policy/kl");
  const shown = [...new Set([...inView("curves"), ...view.also])].filter((name) => measured.has(name) && along(name));
  const others = (Object.keys(metrics) as MetricName[]).filter(
    (name) => measured.has(name) && along(name) && !shown.includes(name) && !name.endsWith("_se"),
  );
  return (
    <Card
      title="Curves"
      action={
        <div className="flex items-end gap-3">
          {view.zoom && <Button onClick={() => show({ zoom: null })}>Reset zoom</Button>}
          <Choice label="Add chart" value="" onChange={(name) => show({ also: [...view.also, name as MetricName] })}>
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
        {shown.map((name) =>
          isKl(axis) ? (
            <figure key={name} className="min-w-0 rounded-md border p-3" aria-label={metrics[name].label}>
              <figcaption className="mb-1 font-medium">
                {metrics[name].label} <span className="font-normal text-soft text-xs">{metrics[name].unit}</span>
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
            <OverlayChart
              key={`${name} ${axis}`}
              metric={name}
              axis={axis}
              groups={groups}
              view={view}
              show={show}
              active={active}
            />
          ),
        )}
      </div>
    </Card>
  );
}
