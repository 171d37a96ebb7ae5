"use client";

import { useTable } from "@tanstack/react-table";
import { TriangleAlert } from "lucide-react";
import { useMemo, useState } from "react";
import type { RunRow } from "@/lib/runs/run-schema";
import { Button } from "../../ui/buttons";
import { EditableText } from "../../ui/editable-text";
import { Link } from "../../ui/link";
import { SelectAll } from "../../ui/select-all";
import { SortableHeader } from "../../ui/sortable-header";
import { Status } from "../../ui/status";
import { columnsAt, features, numeric } from "./run-columns";
import { groupsOf, type TableView } from "./table-view";
import { useChangeRuns } from "./use-change-runs";

interface Props {
  rows: RunRow[];
  view: TableView;
  show: (change: Partial<TableView>) => void;
  selected: Record<string, true>;
  select: (selected: Record<string, true>) => void;
  now: number;
}

/** Rows that are drawn before somebody asks for more. */
const atOnce = 30;

/** Runs under sortable columns, grouped where that is asked for. */
export function RunsTable({ rows, view, show, selected, select, now }: Props) {
  const [shown, setShown] = useState(atOnce);
  const columns = useMemo(() => columnsAt(now), [now]);
  const table = useTable({
    features,
    columns,
    data: rows,
    getRowId: ({ id }) => id,
    state: {
      sorting: [view.sort],
      rowSelection: selected,
      columnVisibility: Object.fromEntries(view.hidden.map((name) => [name, false])),
    },
    enableSortingRemoval: false,
    onSortingChange: (change) => {
      const [sort] = typeof change === "function" ? change([view.sort]) : change;
      if (sort) show({ sort });
    },
    onRowSelectionChange: (change) => select(typeof change === "function" ? change(selected) : change),
  });
  const sorted = table.getRowModel().rows;
  const groups = groupsOf(sorted.slice(0, shown), view.group, ({ original }) => original);
  return (
    <div className="relative overflow-x-auto rounded-md border bg-surface">
      <table className="numbers w-full whitespace-nowrap">
        <thead className="text-soft text-xs">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              <th className="w-9 py-2 pl-3">
                <SelectAll table={table} label="Select all" />
              </th>
              {group.headers.map((header) => (
                <SortableHeader
                  key={header.id}
                  column={header.column}
                  numeric={numeric.has(header.id)}
                  className="px-2 py-2"
                >
                  <table.FlexRender header={header} />
                </SortableHeader>
              ))}
            </tr>
          ))}
        </thead>
        {groups.map(({ title, rows }) => (
          <tbody key={title}>
            {title !== "" && (
              <tr className="border-t bg-raised">
                <th colSpan={99} scope="rowgroup" className="px-3 py-1.5 text-left text-xs">
                  {title} <span className="font-normal text-soft">{rows.length}</span>
                </th>
              </tr>
            )}
            {rows.map((row) => (
              <tr key={row.id} className="border-t hover:bg-raised/60">
                <td className="pl-3">
                  <input
                    type="checkbox"
                    aria-label={`Select ${row.original.name}`}
                    checked={row.getIsSelected()}
                    onChange={row.getToggleSelectedHandler()}
                    className="accent-(--accent)"
                  />
                </td>
                {row.getVisibleCells().map((cell) => (
                  <td key={cell.id} className={cellClass(cell.column.id)}>
                    {cell.column.id === "status" ? (
                      <StatusCell run={row.original} />
                    ) : cell.column.id === "name" ? (
                      <NameCell run={row.original} />
                    ) : (
                      <table.FlexRender cell={cell} />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      {sorted.length > shown && (
        <div className="border-t p-2">
          <Button onClick={() => setShown(shown + atOnce)}>Show {Math.min(atOnce, sorted.length - shown)} more</Button>
        </div>
      )}
    </div>
  );
}

const narrow: Record<string, string> = {
  name: "max-w-72",
  model: "max-w-48 truncate font-mono text-xs",
  data: "max-w-48 truncate",
  remark: "max-w-60 truncate text-soft",
};

const cellClass = (id: string) => `px-2 py-1.5 ${numeric.has(id) ? "text-right" : ""} ${narrow[id] ?? ""}`;

function StatusCell({ run }: { run: RunRow }) {
  return (
    <span className="flex items-center gap-2">
      <Status run={run} />
      {run.alertCount > 0 && (
        <span
          className="flex items-center gap-0.5 text-warn text-xs"
          title={run.alertCount === 1 ? "1 alert" : `${run.alertCount} alerts`}
        >
          <TriangleAlert size={13} aria-hidden /> <span className="sr-only">Alerts: </span>
          {run.alertCount}
        </span>
      )}
    </span>
  );
}

/** The run's page behind its name, and a pencil that changes it. */
function NameCell({ run }: { run: RunRow }) {
  const change = useChangeRuns();
  return (
    <span className="flex items-center gap-2 font-medium">
      <Link href={`/runs/${run.id}`} className="min-w-0 truncate hover:underline" title={run.name}>
        {run.name}
      </Link>
      <EditableText
        value={run.name}
        label="Run name"
        required
        iconOnly
        onSave={(name) => change.one(run.id, { name })}
        className="shrink-0"
      />
    </span>
  );
}
