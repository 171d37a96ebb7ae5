import { useQuery } from "@tanstack/react-query";
import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { runTableQuery } from "@/app/_client/queries";
import type { RunSummary } from "@/lib/runs/run-schema";
import { type Grouping, groupings, groupsOf } from "../../runs/_components/table-view";
import { Card } from "../../ui/cards";
import { Swatch } from "./swatch";
import type { Show } from "./view";

interface Props {
  /** Newest first. */
  all: RunSummary[];
  picked: string[];
  hidden: string[];
  show: Show;
}

/** The runs to choose from, those that are compared first, each of which can be hidden for a while; the others in groups, where that is wanted. */
export function RunPicker({ all, picked, hidden, show }: Props) {
  const [filter, setFilter] = useState("");
  const [by, setBy] = useState<Grouping>("none");
  const { data: rows } = useQuery({ ...runTableQuery, enabled: by !== "none" });
  const numbers = new Map(all.toReversed().map((run, number) => [run.id, number]));
  const words = filter.toLowerCase().split(/\s+/);
  const found = all.filter(({ name, method, model, status, tags }) => {
    const text = [name, method, model, status, ...tags].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const isPicked = ({ id }: RunSummary) => picked.includes(id);
  const others = found.filter((run) => !isPicked(run) && !run.archived);
  const known = new Map(rows?.map((row) => [row.id, row]));
  const groups = groupsOf(
    others.filter(({ id }) => by === "none" || known.has(id)),
    by,
    ({ id }) => known.get(id)!,
  );
  const add = (more: RunSummary[]) =>
    show(({ runs }) => ({ runs: [...new Set([...runs, ...more.map(({ id }) => id)])] }));
  const toggled = (ids: string[], id: string) => (ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]);
  const row = (run: RunSummary) => (
    <li key={run.id} className="flex items-center gap-1 rounded-md px-1 hover:bg-raised">
      <label className="flex min-h-8 min-w-0 flex-1 cursor-pointer items-center gap-2">
        <input
          type="checkbox"
          checked={isPicked(run)}
          onChange={() =>
            show(({ runs, hidden }) => ({ runs: toggled(runs, run.id), hidden: hidden.filter((id) => id !== run.id) }))
          }
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
          onClick={() => show(({ hidden }) => ({ hidden: toggled(hidden, run.id) }))}
        />
      ) : (
        <span className="size-7 shrink-0" />
      )}
    </li>
  );
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
      <label className="mt-2 flex items-center gap-2 text-xs">
        List by
        <select
          value={by}
          onChange={(event) => setBy(event.target.value as Grouping)}
          className="rounded-md border bg-canvas px-2 py-1"
        >
          {Object.entries(groupings).map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <div className="mt-2 max-h-[min(36rem,60dvh)] overflow-y-auto">
        <ul>{found.filter(isPicked).map(row)}</ul>
        {groups.map(({ title, rows }) => (
          <section key={title} aria-label={title || "Other runs"}>
            {title !== "" && (
              <h3 className="flex items-center gap-2 px-1 pt-2 text-xs">
                <span className="min-w-0 truncate">{title}</span>
                <span className="font-normal text-soft">{rows.length}</span>
                <button
                  type="button"
                  aria-label={`Add all of ${title}`}
                  className="ml-auto shrink-0 font-normal text-accent hover:underline"
                  onClick={() => add(rows)}
                >
                  Add all
                </button>
              </h3>
            )}
            <ul>{rows.map(row)}</ul>
          </section>
        ))}
      </div>
      <div className="mt-2 flex gap-3 text-xs">
        <button
          type="button"
          className="text-accent hover:underline"
          onClick={() => add(groups.flatMap((group) => group.rows))}
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
