import { useMemo, useState } from "react";
import type { ComparedRun } from "@/lib/runs/compare/compare-schema";
import { differences } from "@/lib/runs/compare/groups";
import { Card } from "../../ui/cards";
import { labelOf, labelsOf } from "./field-labels";
import { Swatch } from "./swatch";

/** The fields of the runs' configs that are not the same in all of them. */
export function ConfigDiff({ runs }: { runs: ComparedRun[] }) {
  const [open, setOpen] = useState(false);
  const labels = useMemo(() => labelsOf(runs), [runs]);
  const rows = differences(runs).map((row) => ({ ...row, label: labelOf(labels, row.path) }));
  const shared = rows.filter(({ values }) => values.every((value) => value !== ""));
  const own = rows.filter((row) => !shared.includes(row));
  if (runs.length < 2)
    return (
      <Card title="Config diff">
        <p className="text-soft">Pick a second run to see what differs.</p>
      </Card>
    );
  return (
    <Card title="Config diff">
      {rows.length === 0 ? (
        <p className="text-soft">No differences: these runs have the same config.</p>
      ) : (
        <section className="max-h-[70dvh] overflow-auto" tabIndex={0} aria-label="Config diff: table">
          <table className="w-full text-left">
            <thead className="sticky top-0 bg-surface text-soft text-xs">
              <tr>
                <th className="py-1.5 pr-4 font-medium">Field</th>
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

type Row = ReturnType<typeof differences>[number] & { label: string };

const Rows = ({ rows, runs }: { rows: Row[]; runs: ComparedRun[] }) => (
  <tbody className="divide-y">
    {rows.map(({ path, label, values }) => (
      <tr key={path}>
        <th className="py-1.5 pr-4 font-normal" title={path}>
          {label}
        </th>
        {values.map((value, i) => (
          <td key={runs[i]!.id} className="max-w-60 truncate px-2 font-mono text-xs" title={value}>
            {shownValue(value) || <span className="text-soft">–</span>}
          </td>
        ))}
      </tr>
    ))}
  </tbody>
);

/** As a file has it; what is left open is said in words. */
export const shownValue = (value: string) => (value === "null" ? "not set" : value);

/** The blocks that fields are in, as dpo and ppo. */
const prefixes = (rows: Row[]) => [...new Set(rows.map(({ path }) => path.split(".")[0]))].join(", ");
