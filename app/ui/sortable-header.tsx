import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";

interface Props {
  /** TanStack's, of whatever table. */
  column: {
    getIsSorted: () => "asc" | "desc" | false;
    /** Gives undefined where the column cannot be sorted. */
    getToggleSortingHandler: () => ((event: unknown) => void) | undefined;
  };
  numeric: boolean;
  className: string;
  /** Shown on hover. */
  title?: string | undefined;
  children: ReactNode;
}

/** The head of a column that sorts its table, and shows which way. */
export function SortableHeader({ column, numeric, className, title, children }: Props) {
  const sorted = column.getIsSorted();
  return (
    <th
      title={title}
      aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : "none"}
      className={`${className} font-medium ${numeric ? "text-right" : "text-left"}`}
    >
      <button
        type="button"
        onClick={column.getToggleSortingHandler()}
        className={`inline-flex items-center gap-1 rounded hover:text-ink ${numeric ? "text-right" : "text-left"}`}
      >
        {children}
        {sorted === "asc" && <ArrowUp size={12} aria-hidden />}
        {sorted === "desc" && <ArrowDown size={12} aria-hidden />}
      </button>
    </th>
  );
}
