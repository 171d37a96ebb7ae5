// What every table that is searched and sorted in the browser has in common.
import {
  columnFilteringFeature,
  createFilteredRowModel,
  createSortedRowModel,
  filterFn_includesString,
  globalFilteringFeature,
  type ReactTable,
  type RowData,
  rowSelectionFeature,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
} from "@tanstack/react-table";
import type { ReactNode } from "react";
import { SelectAll } from "./select-all";
import { SortableHeader } from "./sortable-header";
import { useHydrated } from "./use-hydrated";

export const searchedFeatures = tableFeatures({
  rowSortingFeature,
  rowSelectionFeature,
  columnFilteringFeature,
  globalFilteringFeature,
  sortedRowModel: createSortedRowModel(),
  filteredRowModel: createFilteredRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
  filterFns: { includesString: filterFn_includesString },
});

type SearchedTable<Row extends RowData> = ReactTable<typeof searchedFeatures, Row>;

interface BarProps<Row extends RowData> {
  table: SearchedTable<Row>;
  label: string;
  /** How many rows there are without the search. */
  count: number;
  /** What else chooses among them. */
  children?: ReactNode;
}

/** The search of a table, and how many of its rows it leaves. */
export function SearchBar<Row extends RowData>({ table, label, count, children }: BarProps<Row>) {
  const hydrated = useHydrated();
  return (
    <div className="mb-2 flex flex-wrap items-center gap-3">
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        disabled={!hydrated}
        value={String(table.state.globalFilter ?? "")}
        onChange={(event) => table.setGlobalFilter(event.target.value)}
        className="w-64 max-w-full rounded-md border bg-canvas px-3 py-1.5"
      />
      {children}
      <span role="status" className="numbers text-soft">
        {table.getRowModel().rows.length} of {count}
      </span>
    </div>
  );
}

interface HeadProps<Row extends RowData> {
  table: SearchedTable<Row>;
  /** Columns of numbers, by their ids. */
  numeric: ReadonlySet<string>;
  /** Of each head. */
  className: string;
  /** Whether the rows begin with a box to select them by. */
  selects?: boolean;
  /** Whether the rows end with what can be done with them. */
  hasActions?: boolean;
}

/** A row of heads, each of which sorts the table. */
export const SearchedHead = <Row extends RowData>({
  table,
  numeric,
  className,
  selects = false,
  hasActions = false,
}: HeadProps<Row>) =>
  table.getHeaderGroups().map((group) => (
    <tr key={group.id}>
      {selects && (
        <th className="w-8 text-left">
          <SelectAll table={table} label="Select all that are shown" />
        </th>
      )}
      {group.headers.map((header) => (
        <SortableHeader key={header.id} column={header.column} numeric={numeric.has(header.id)} className={className}>
          <table.FlexRender header={header} />
        </SortableHeader>
      ))}
      {hasActions && (
        <th className="relative">
          <span className="sr-only">Actions</span>
        </th>
      )}
    </tr>
  ));
