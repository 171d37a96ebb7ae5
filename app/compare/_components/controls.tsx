import { type ReactNode, useId, useMemo } from "react";
import { axes, type ComparedRun, smoothings } from "@/lib/runs/compare/compare-schema";
import { differences, type Group } from "@/lib/runs/compare/groups";
import { Button } from "../../ui/buttons";
import { SavedViews } from "../../ui/saved-views";
import { labelOf, labelsOf } from "./field-labels";
import type { Show, View } from "./view";

interface Props {
  view: View;
  runs: ComparedRun[];
  groups: Group[];
  base: Group;
  show: Show;
}

/** What holds on every tab. Each choice is a step that Back takes back. */
export function Controls({ view, runs, groups, base, show }: Props) {
  const fields = useMemo(() => differences(runs).map(({ path }) => path), [runs]);
  const labels = useMemo(() => labelsOf(runs), [runs]);
  const others = view.by !== "run" && view.by !== "seed" && !fields.includes(view.by) ? [view.by, ...fields] : fields;
  return (
    <section aria-label="View" className="flex flex-wrap items-end gap-x-4 gap-y-2">
      <Choice label="Baseline" value={base.name} onChange={(name) => show({ base: name })}>
        {groups.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice label="Group by" value={view.by} onChange={(by) => show({ by })}>
        <option value="run">run</option>
        <option value="seed">settings, mean over seeds</option>
        {others.map((path) => (
          <option key={path} value={path}>
            {labelOf(labels, path)}
          </option>
        ))}
      </Choice>
      <Choice label="X axis" value={view.axis} onChange={(axis) => show({ axis: axis as View["axis"], zoom: null })}>
        {Object.entries(axes).map(([axis, { label }]) => (
          <option key={axis} value={axis}>
            {label}
          </option>
        ))}
      </Choice>
      <Choice label="Smoothing" value={String(view.smooth)} onChange={(smooth) => show({ smooth: Number(smooth) })}>
        {smoothings.map((weight) => (
          <option key={weight} value={weight}>
            {weight === 0 ? "none" : `${weight}, about ${Math.round(1 / (1 - weight))} points`}
          </option>
        ))}
      </Choice>
      <label className="flex min-h-9 items-center gap-2">
        <input
          type="checkbox"
          checked={view.log}
          onChange={(event) => show({ log: event.target.checked })}
          className="accent-(--accent)"
        />
        Log Y axis
      </label>
      {view.zoom && <Button onClick={() => show({ zoom: null })}>Reset zoom</Button>}
      <span className="ml-auto">
        <SavedViews store="compare-views" />
      </span>
    </section>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
}

export function Choice({ label, value, onChange, children }: ChoiceProps) {
  const id = useId();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-soft text-xs">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="min-w-0 max-w-56 rounded-md border bg-canvas px-2 py-1.5"
      >
        {children}
      </select>
    </div>
  );
}
