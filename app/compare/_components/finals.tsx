import { useState } from "react";
import type { Group } from "@/lib/runs/compare/groups";
import { type Comparable, comparable } from "@/lib/runs/compare/identity";
import { difference, interval, type Sample } from "@/lib/runs/compare/student";
import { inView, type MetricName, metrics } from "@/spec/metrics/catalogue";
import { mean } from "@/spec/statistics";
import { Card } from "../../ui/cards";
import { number } from "../../ui/format";
import { Choice } from "./controls";
import { Swatch } from "./swatch";
import type { View } from "./view";

interface Props {
  groups: Group[];
  view: View;
  show: (change: Partial<View>) => void;
  /** A run by its id. */
  nameOf: (id: string) => string;
}

/** A column: a metric of the groups that have the same one. */
interface Column extends Comparable {
  metric: MetricName;
  key: string;
}

/** Final metrics of each group with their differences from a baseline, sorted by any of them. */
export function Finals({ groups, view, show, nameOf }: Props) {
  const [sort, setSort] = useState<{ key: string; down: boolean } | null>(null);
  const columns = inView("finals").flatMap((metric) =>
    comparable(metric, groups, nameOf, false).map((part): Column => ({ ...part, metric, key: `${metric} ${part.of}` })),
  );
  const base = groups.find(({ name }) => name === view.base) ?? groups[0]!;
  const sorted = columns.find(({ key }) => key === sort?.key);
  const sortedBy = (group: Group) =>
    sorted?.groups.includes(group) ? mean(valuesOf(group, sorted.metric)) : Number.NaN;
  const rows = sorted ? groups.toSorted((a, b) => order(sortedBy(a), sortedBy(b), sort!.down)) : groups;
  return (
    <Card
      title="Final metrics"
      action={
        <Choice label="Baseline" value={base.name} onChange={(name) => show({ base: name })}>
          {groups.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Choice>
      }
    >
      <section className="overflow-x-auto" tabIndex={0} aria-label="Final metrics: table">
        <table className="numbers w-full whitespace-nowrap">
          <thead className="text-soft text-xs">
            <tr>
              <th className="py-1 pr-4 text-left font-medium">Group</th>
              <th className="py-1 pr-4 text-right font-medium">Runs</th>
              {columns.map(({ key, metric, of }) => (
                <th
                  key={key}
                  title={metrics[metric].about}
                  aria-sort={sort?.key !== key ? "none" : sort.down ? "descending" : "ascending"}
                  className="py-1 pr-4 text-right font-medium"
                >
                  <button
                    type="button"
                    className="hover:text-ink"
                    onClick={() => setSort({ key, down: sort?.key === key ? !sort.down : true })}
                  >
                    {metrics[metric].label}
                    {of && ` (${of})`} <span className="font-normal">{metrics[metric].unit}</span>
                    {sort?.key === key && (sort.down ? " ↓" : " ↑")}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((group) => (
              <tr key={group.name} className="border-t align-top">
                <td className="py-2 pr-4 font-medium">
                  <Name group={group} />
                </td>
                <td className="py-2 pr-4 text-right">{group.runs.length}</td>
                {columns.map((column) => (
                  <td key={column.key} className="py-2 pr-4 text-right">
                    <Cell group={group} base={base} column={column} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="mt-2 text-soft text-xs">
        ± is the half-width of the 95 % interval: over a group's runs (Student's t) where it has several, else over the
        evaluated prompts or pairs of the one run, which does not cover variation between seeds. Δ is the difference
        from {base.name}, with its interval and p (Welch's t-test between groups of runs, a normal approximation between
        single runs; not corrected for multiple comparisons).
      </p>
    </Card>
  );
}

/** What has no value comes last, whichever way. */
const order = (a: number, b: number, down: boolean): number =>
  Number.isNaN(a) ? 1 : Number.isNaN(b) ? -1 : down ? b - a : a - b;

const valuesOf = ({ runs }: Group, name: MetricName) => runs.flatMap(({ latest }) => latest[name] ?? []);

const sampleOf = (group: Group, metric: MetricName): Sample => ({
  values: valuesOf(group, metric),
  error: group.runs.length === 1 ? (group.runs[0]!.latest[`${metric}_se` as MetricName] ?? null) : null,
});

const Name = ({ group: { name, number } }: { group: Group }) => (
  <span className="flex max-w-72 items-center gap-2">
    <Swatch number={number} />
    <span className="min-w-0 truncate" title={name}>
      {name}
    </span>
  </span>
);

function Cell({ group, base, column: { metric, groups } }: { group: Group; base: Group; column: Column }) {
  if (!groups.includes(group)) return <span className="text-soft">–</span>;
  const own = sampleOf(group, metric);
  const half = own.values.length > 1 ? interval(own.values).half : own.error === null ? null : 1.96 * own.error;
  return (
    <>
      {number(mean(own.values), 2)}
      {half !== null && <span className="text-soft"> ± {number(half, 2)}</span>}
      {group !== base && groups.includes(base) && <Delta base={sampleOf(base, metric)} own={own} />}
    </>
  );
}

function Delta({ base, own }: { base: Sample; own: Sample }) {
  const { delta, half, p } = difference(base, own);
  const sign = delta > 0 ? "+" : delta < 0 ? "−" : "±";
  return (
    <span className="block text-soft text-xs">
      Δ {sign}
      {number(Math.abs(delta), 2)}
      {half !== null && ` ± ${number(half, 2)}`}
      {p !== null && (p < 0.001 ? ", p < 0.001" : `, p ${p.toFixed(3)}`)}
    </span>
  );
}
