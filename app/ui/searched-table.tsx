// What every table that is searched and sorted in the browser has in common.
import {
  columnFilteringFeature,
  createFilteredRowModel,
  createSortedRowModel,
  filterFn_includesString,
  globalFilteringFeature,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
} from "@tanstack/react-table";

export const searchedFeatures = tableFeatures({
  rowSortingFeature,
  columnFilteringFeature,
  globalFilteringFeature,
  sortedRowModel: createSortedRowModel(),
  filteredRowModel: createFilteredRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
  filterFns: { includesString: filterFn_includesString },
});

interface Props {
  label: string;
  value: string;
  disabled: boolean;
  onChange: (value: string) => void;
}

export const TableSearch = ({ label, value, disabled, onChange }: Props) => (
  <input
    type="search"
    aria-label={label}
    placeholder={label}
    disabled={disabled}
    value={value}
    onChange={(event) => onChange(event.target.value)}
    className="w-64 max-w-full rounded-md border bg-canvas px-3 py-1.5"
  />
);
