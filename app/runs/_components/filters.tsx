"use client";

import { Columns3 } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { RunRow } from "@/lib/runs/run-schema";
import { methodOf } from "@/spec/methods/all";
import { runStatuses } from "@/spec/run-status";
import { buttonClass } from "../../ui/buttons";
import { menuClass, menuItemClass } from "../../ui/menu-look";
import { SavedViews } from "../../ui/saved-views";
import { type Grouping, groupings, type OptionalColumn, optional, type TableView } from "./table-view";

interface Props {
  runs: RunRow[];
  view: TableView;
  show: (change: Partial<TableView>) => void;
}

const capital = (word: string) => word[0]!.toUpperCase() + word.slice(1);

/** Search, filters with counts, grouping and the choice of columns. */
export function Filters({ runs, view, show }: Props) {
  const here = runs.filter(({ archived }) => !archived);
  const statuses: Option[] = [
    ...runStatuses.map((status) => ({
      value: status,
      label: capital(status),
      count: here.filter((run) => run.status === status).length,
    })),
    { value: "alerts", label: "With alerts", count: here.filter(({ alertCount }) => alertCount > 0).length },
    { value: "archived", label: "Archived", count: runs.length - here.length },
  ];
  const by = (valuesIn: (run: RunRow) => string[], labelOf = (value: string) => value) =>
    optionsOf(here, valuesIn, labelOf);
  const people = by(({ startedBy }) => [startedBy ?? ""]);
  return (
    <search className="mb-2 flex flex-wrap items-center gap-2">
      <input
        type="search"
        aria-label="Search runs"
        placeholder="Search runs"
        value={view.search}
        onChange={(event) => show({ search: event.target.value })}
        className="w-44 max-w-full rounded-md border bg-surface px-3 py-1.5"
      />
      <Filter
        label="Status"
        value={view.status}
        options={statuses}
        onChange={(status) => show({ status: status as TableView["status"] })}
      />
      <Filter
        label="Method"
        value={view.method}
        options={by(
          ({ method }) => [method],
          (method) => methodOf({ method: method as RunRow["method"] }).label,
        )}
        onChange={(method) => show({ method })}
      />
      <Filter
        label="Model"
        value={view.model}
        options={by(({ model }) => [model])}
        onChange={(model) => show({ model })}
      />
      <Filter label="Data" value={view.data} options={by(({ data }) => [data])} onChange={(data) => show({ data })} />
      {(people.length > 1 || view.by !== "") && (
        <Filter label="Started by" value={view.by} options={people} onChange={(by) => show({ by })} />
      )}
      <Filter label="Tag" value={view.tag} options={by(({ tags }) => tags)} onChange={(tag) => show({ tag })} />
      <span className="ml-auto flex flex-wrap items-center gap-2">
        <label className="flex items-center gap-2 text-sm">
          Group by
          <select
            value={view.group}
            onChange={(event) => show({ group: event.target.value as Grouping })}
            className="rounded-md border bg-surface px-2 py-1.5"
          >
            {Object.entries(groupings).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <ColumnMenu hidden={view.hidden} onChange={(hidden) => show({ hidden })} />
        <SavedViews store="runs-views" />
      </span>
    </search>
  );
}

interface Option {
  value: string;
  label: string;
  count: number;
}

/** Values with how many runs have each, the most frequent first. */
function optionsOf(runs: RunRow[], valuesIn: (run: RunRow) => string[], labelOf: (value: string) => string): Option[] {
  const counts = new Map<string, number>();
  for (const value of runs.flatMap(valuesIn)) if (value !== "") counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, label: labelOf(value), count }))
    .toSorted((a, b) => b.count - a.count);
}

interface FilterProps {
  label: string;
  value: string;
  options: Option[];
  onChange: (value: string) => void;
}

function Filter({ label, value, options, onChange }: FilterProps) {
  if (options.length === 0) return null;
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={`max-w-44 rounded-md border px-2 py-1.5 text-sm ${value === "" ? "bg-surface" : "border-accent bg-accent-wash"}`}
    >
      <option value="">{label}: any</option>
      {value !== "" && !options.some((option) => option.value === value) && <option value={value}>{value}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label} ({option.count})
        </option>
      ))}
    </select>
  );
}

function ColumnMenu({ hidden, onChange }: { hidden: OptionalColumn[]; onChange: (hidden: OptionalColumn[]) => void }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className={buttonClass()}>
        <Columns3 size={15} aria-hidden /> Columns
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} className={menuClass}>
          {(Object.keys(optional) as OptionalColumn[]).map((name) => (
            <DropdownMenu.CheckboxItem
              key={name}
              checked={!hidden.includes(name)}
              onCheckedChange={(on) => onChange(on ? hidden.filter((other) => other !== name) : [...hidden, name])}
              onSelect={(event) => event.preventDefault()} // the menu stays open
              className={menuItemClass}
            >
              <span className="w-4">
                <DropdownMenu.ItemIndicator>✓</DropdownMenu.ItemIndicator>
              </span>
              {optional[name]}
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
