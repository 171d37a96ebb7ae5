import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import type { RunSummary } from "@/lib/runs/run-schema";
import { Card } from "../../ui/cards";
import { Swatch } from "./swatch";
import type { View } from "./view";

interface Props {
  /** Newest first. */
  all: RunSummary[];
  picked: string[];
  hidden: string[];
  show: (change: Partial<View>) => void;
}

/** The runs to choose from, those that are compared first; each of these can be hidden for a while. */
export function RunPicker({ all, picked, hidden, show }: Props) {
  const [filter, setFilter] = useState("");
  const numbers = new Map(all.toReversed().map((run, number) => [run.id, number]));
  const words = filter.toLowerCase().split(/\s+/);
  const found = all.filter(({ name, method, model, status, tags }) => {
    const text = [name, method, model, status, ...tags].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const isPicked = ({ id }: RunSummary) => picked.includes(id);
  const shown = [...found.filter(isPicked), ...found.filter((run) => !isPicked(run) && !run.archived)];
  const toggled = (ids: string[], id: string) => (ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]);
  return (
    <Card title={`Runs, ${picked.length} of ${all.length}`}>
      <input
        type="search"
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
        placeholder="Filter by name, method, tag, state"
        aria-label="Filter runs"
        className="w-full rounded-md border bg-canvas px-2.5 py-1.5"
      />
      <ul className="mt-2 max-h-[min(36rem,60dvh)] overflow-y-auto">
        {shown.map((run) => (
          <li key={run.id} className="flex items-center gap-1 rounded-md px-1 hover:bg-raised">
            <label className="flex min-h-8 min-w-0 flex-1 cursor-pointer items-center gap-2">
              <input
                type="checkbox"
                checked={isPicked(run)}
                onChange={() => show({ runs: toggled(picked, run.id), hidden: hidden.filter((id) => id !== run.id) })}
                className="accent-(--accent)"
              />
              <Swatch number={numbers.get(run.id)!} />
              <span className={`min-w-0 truncate ${hidden.includes(run.id) ? "line-through" : ""}`} title={run.name}>
                {run.name}
              </span>
              <span className="ml-auto shrink-0 text-soft text-xs">{stateWords(run)}</span>
            </label>
            {isPicked(run) ? (
              <HideButton
                name={run.name}
                hidden={hidden.includes(run.id)}
                onClick={() => show({ hidden: toggled(hidden, run.id) })}
              />
            ) : (
              <span className="size-7 shrink-0" />
            )}
          </li>
        ))}
      </ul>
      <div className="mt-2 flex gap-3 text-xs">
        <button
          type="button"
          className="text-accent hover:underline"
          onClick={() => show({ runs: [...new Set([...picked, ...shown.map(({ id }) => id)])] })}
        >
          Add all shown
        </button>
        <button type="button" className="text-accent hover:underline" onClick={() => show({ runs: [], hidden: [] })}>
          None
        </button>
      </div>
    </Card>
  );
}

function HideButton({ name, hidden, onClick }: { name: string; hidden: boolean; onClick: () => void }) {
  const Icon = hidden ? EyeOff : Eye;
  return (
    <button
      type="button"
      aria-label={`Hide ${name}`}
      aria-pressed={hidden}
      title={hidden ? "Show" : "Hide"}
      onClick={onClick}
      className="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-soft hover:text-ink"
    >
      <Icon size={14} aria-hidden />
    </button>
  );
}

/** How far a run is, where it has not finished; of others the method. */
export function stateWords({ status, step, totalSteps, method }: RunSummary): string {
  if (status === "finished") return method;
  if (status === "running" && totalSteps) return `${Math.floor((100 * step) / totalSteps)} %`;
  return status;
}
