import { Columns3 } from "lucide-react";
import { Popover } from "radix-ui";
import { type RecordColumn, recordColumns, usualColumns } from "@/lib/annotation/records/records-schema";
import { Button } from "../../../../ui/buttons";
import { columnWords } from "../../_components/record-words";

interface Props {
  columns: readonly RecordColumn[];
  onChange: (columns: RecordColumn[]) => void;
}

/** Which columns the table has; they are part of its address, and so of a saved view. */
export function ColumnsMenu({ columns, onChange }: Props) {
  const toggled = (column: RecordColumn) =>
    recordColumns.filter((one) => (one === column ? !columns.includes(one) : columns.includes(one)));
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button kind="quiet" className="max-md:hidden">
          <Columns3 size={15} aria-hidden /> Columns
        </Button>
      </Popover.Trigger>
      <Popover.Content
        align="start"
        sideOffset={6}
        collisionPadding={8}
        aria-label="Columns"
        className="z-50 w-52 rounded-md border bg-surface p-3 shadow-lg"
      >
        <ul>
          {recordColumns.map((column) => (
            <li key={column}>
              <label className="flex items-center gap-2 rounded px-1 py-1 hover:bg-raised">
                <input
                  type="checkbox"
                  checked={columns.includes(column)}
                  onChange={() => onChange(toggled(column))}
                  className="accent-(--accent)"
                />
                {column === "p" ? "p, label probability" : columnWords[column]}
              </label>
            </li>
          ))}
        </ul>
        <Button kind="quiet" className="mt-2 w-full" onClick={() => onChange([...usualColumns])}>
          Reset
        </Button>
      </Popover.Content>
    </Popover.Root>
  );
}
