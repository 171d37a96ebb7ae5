"use client";

import { type ReactNode, useState } from "react";

interface Props {
  title: string;
  columns: string[];
  /** Built once it is opened. The first cells of no two rows are the same. */
  rows: () => [string | number, ...ReactNode[]][];
}

/** The values that a chart draws, folded away under it. */
export function ChartTable({ title, columns, rows }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details className="mt-1 text-soft text-xs" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Table</summary>
      {open && (
        <section className="max-h-48 overflow-auto" tabIndex={0} aria-label={`${title}: table`}>
          <table className="numbers w-full text-right">
            <thead>
              <tr>
                {columns.map((name) => (
                  <th key={name} className="font-medium">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows().map((cells) => (
                <tr key={cells[0]}>
                  {columns.map((name, i) => (
                    <td key={name}>{cells[i]}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}
