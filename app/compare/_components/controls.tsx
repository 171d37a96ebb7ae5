import { type ReactNode, useId } from "react";
import { axes, type ComparedRun, smoothings } from "@/lib/runs/compare/compare-schema";
import { differences } from "@/lib/runs/compare/groups";
import { Card } from "../../ui/cards";
import type { View } from "./view";

interface Props {
  view: View;
  runs: ComparedRun[];
  show: (change: Partial<View>) => void;
}

export function Controls({ view, runs, show }: Props) {
  const fields = differences(runs).map(({ path }) => path);
  const others = view.by !== "run" && view.by !== "seed" && !fields.includes(view.by) ? [view.by, ...fields] : fields;
  return (
    <Card title="View">
      <div className="grid gap-3">
        <Choice label="Group by" value={view.by} onChange={(by) => show({ by })}>
          <option value="run">run</option>
          <option value="seed">settings, mean over seeds</option>
          {others.map((path) => (
            <option key={path} value={path}>
              {path}
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
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            checked={view.log}
            onChange={(event) => show({ log: event.target.checked })}
            className="accent-(--accent)"
          />
          Log Y axis
        </label>
      </div>
    </Card>
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
        className="min-w-0 max-w-full rounded-md border bg-canvas px-2 py-1.5"
      >
        {children}
      </select>
    </div>
  );
}
