import { useState } from "react";
import type { RunSummary } from "@/lib/runs/run-schema";
import { Card } from "../../ui/cards";
import { Swatch } from "./swatch";

interface Props {
  /** Newest first. */
  all: RunSummary[];
  picked: string[];
  pick: (ids: string[]) => void;
}

export function RunPicker({ all, picked, pick }: Props) {
  const [filter, setFilter] = useState("");
  const numbers = new Map(all.toReversed().map((run, number) => [run.id, number]));
  const words = filter.toLowerCase().split(/\s+/);
  const found = all.filter((run) => words.every((word) => `${run.name} ${run.method}`.toLowerCase().includes(word)));
  const isPicked = ({ id }: RunSummary) => picked.includes(id);
  const shown = [...found.filter(isPicked), ...found.filter((run) => !isPicked(run))]; // those that are compared come first
  const toggle = (id: string) => pick(picked.includes(id) ? picked.filter((other) => other !== id) : [...picked, id]);
  return (
    <Card title={`Runs, ${picked.length} of ${all.length}`}>
      <input
        type="search"
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
        placeholder="Filter by name or method"
        aria-label="Filter runs"
        className="w-full rounded-md border bg-canvas px-2.5 py-1.5"
      />
      <ul className="mt-2 max-h-80 overflow-y-auto">
        {shown.map((run) => (
          <li key={run.id}>
            <label className="flex min-h-8 cursor-pointer items-center gap-2 rounded-md px-1 hover:bg-raised">
              <input
                type="checkbox"
                checked={picked.includes(run.id)}
                onChange={() => toggle(run.id)}
                className="accent-(--accent)"
              />
              <Swatch number={numbers.get(run.id)!} />
              <span className="min-w-0 truncate" title={run.name}>
                {run.name}
              </span>
              <span className="ml-auto shrink-0 text-soft text-xs">{stateWords(run)}</span>
            </label>
          </li>
        ))}
      </ul>
      <div className="mt-2 flex gap-3 text-xs">
        <button
          type="button"
          className="text-accent hover:underline"
          onClick={() => pick([...new Set([...picked, ...shown.map(({ id }) => id)])])}
        >
          Add all shown
        </button>
        <button type="button" className="text-accent hover:underline" onClick={() => pick([])}>
          None
        </button>
      </div>
    </Card>
  );
}

/** How far a run is, where it has not finished; of others the method. */
function stateWords({ status, step, totalSteps, method }: RunSummary): string {
  if (status === "finished") return method;
  if (status === "running" && totalSteps) return `${Math.floor((100 * step) / totalSteps)} %`;
  return status;
}
