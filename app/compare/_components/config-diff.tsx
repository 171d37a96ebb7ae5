import { useState } from "react";
import type { ComparedRun } from "@/lib/runs/compare/compare-schema";
import { differences } from "@/lib/runs/compare/groups";
import { Card } from "../../ui/cards";
import { Swatch } from "./swatch";

/** The fields of the runs' configs that are not the same in all of them. */
export function ConfigDiff({ runs }: { runs: ComparedRun[] }) {
  const [open, setOpen] = useState(false);
  const rows = differences(runs);
  const shared = rows.filter(({ values }) => values.every((value) => value !== ""));
  const own = rows.filter((row) => !shared.includes(row));
  if (runs.length < 2) return null;
  return (
    <Card title="Config diff">
      {rows.length === 0 ? (
        <p className="text-soft">No differences: these runs have the same config.</p>
      ) : (
        <section className="max-h-96 overflow-auto" tabIndex={0} aria-label="Config diff: table">
          <table className="w-full text-left font-mono text-xs">
            <thead className="border-b text-soft">
              <tr>
                <th className="py-1.5 pr-4 font-medium">field</th>
                {runs.map(({ id, name, number }) => (
                  <th key={id} className="px-2 font-medium">
                    <span className="flex items-center gap-1.5">
                      <Swatch number={number} /> {name}
                    </span>
                  </th>
                ))}
              </tr>
            </thead>
            <Rows rows={shared} runs={runs} />
            {open && <Rows rows={own} runs={runs} />}
          </table>
          {own.length > 0 && (
            <button
              type="button"
              aria-expanded={open}
              onClick={() => setOpen(!open)}
              className="mt-2 text-accent text-xs hover:underline"
            >
              {open ? "Hide" : "Show"} {own.length} fields that only some of them have ({prefixes(own)})
            </button>
          )}
        </section>
      )}
    </Card>
  );
}

type Row = ReturnType<typeof differences>[number];

const Rows = ({ rows, runs }: { rows: Row[]; runs: ComparedRun[] }) => (
  <tbody className="divide-y">
    {rows.map(({ path, values }) => (
      <tr key={path}>
        <th className="py-1 pr-4 font-normal">{path}</th>
        {values.map((value, i) => (
          <td key={runs[i]!.id} className="max-w-60 truncate px-2" title={value}>
            {value || <span className="text-soft">–</span>}
          </td>
        ))}
      </tr>
    ))}
  </tbody>
);

/** The blocks that fields are in, as dpo and ppo. */
const prefixes = (rows: Row[]) => [...new Set(rows.map(({ path }) => path.split(".")[0]))].join(", ");
