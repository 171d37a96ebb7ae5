// Rows under headed columns.
import type { Key, ReactNode } from "react";

export interface Column<Row> {
  /** The header, read out alone where `silent`. */
  name: string;
  unit?: string;
  silent?: boolean;
  about?: string;
  numeric?: boolean;
  cell: (row: Row) => ReactNode;
}

interface Props<Row> {
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => Key;
  /** From this width on it scrolls by itself. */
  className?: string;
}

/** Numbers end well before what begins after them. */
const side = ({ numeric }: { numeric?: boolean }) => (numeric ? "pe-8 text-end" : "pe-4 text-start");

/** The first column names the row. */
export function Table<Row>({ columns, rows, keyOf, className = "" }: Props<Row>) {
  return (
    <table className={`numbers w-full ${className}`}>
      <thead className="text-soft text-xs">
        <tr>
          {columns.map((column) => (
            // relative: what is only read out stays within the table's own scrolling
            <th
              key={column.name}
              title={column.about}
              className={`relative py-1 font-medium last:pe-0 ${side(column)}`}
            >
              <span className={column.silent ? "sr-only" : ""}>{column.name}</span>{" "}
              {column.unit && <span className="font-normal">{column.unit}</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} className="border-t">
            {columns.map((column, i) => (
              <td key={column.name} className={`py-2 last:pe-0 ${side(column)} ${i === 0 ? "font-medium" : ""}`}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
