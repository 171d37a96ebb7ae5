interface Props {
  table: { getIsAllRowsSelected(): boolean; getToggleAllRowsSelectedHandler(): (event: unknown) => void };
  label: string;
}

/** The box in a table's head that selects its rows, or none. */
export function SelectAll({ table, label }: Props) {
  return (
    <input
      type="checkbox"
      aria-label={label}
      checked={table.getIsAllRowsSelected()}
      onChange={table.getToggleAllRowsSelectedHandler()}
      className="accent-(--accent)"
    />
  );
}
