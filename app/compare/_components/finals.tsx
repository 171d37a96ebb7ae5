import type { Group } from "@/lib/runs/compare/groups";
import { interval, welch } from "@/lib/runs/compare/student";
import { inView, type MetricName, metrics } from "@/spec/metrics/catalogue";
import { mean } from "@/spec/statistics";
import { Card } from "../../ui/cards";
import { number } from "../../ui/format";
import { Swatch } from "./swatch";

/** The last value of each. A group of several runs is held against the first: p by Welch's test over its runs. */
export function Finals({ groups }: { groups: Group[] }) {
  const shown = inView("finals").filter((name) =>
    groups.some(({ runs }) => runs.some(({ latest }) => latest[name] !== undefined)),
  );
  const valuesOf = ({ runs }: Group, name: MetricName) => runs.flatMap(({ latest }) => latest[name] ?? []);
  const several = groups.some(({ runs }) => runs.length > 1);
  return (
    <Card title="Final metrics">
      <section className="overflow-x-auto" tabIndex={0} aria-label="Final metrics: table">
        <table className="numbers w-full text-right">
          <thead className="border-b text-soft text-xs">
            <tr>
              <th className="py-1.5 pr-4 text-left font-medium">Line</th>
              <th className="px-2 font-medium">Runs</th>
              {shown.map((name) => (
                <th key={name} className="px-2 font-medium" title={metrics[name].about}>
                  {metrics[name].label} <span className="font-normal">{metrics[name].unit}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y">
            {groups.map((group, i) => (
              <tr key={group.name}>
                <th className="max-w-72 py-1.5 pr-4 text-left font-medium">
                  <span className="flex items-center gap-2">
                    <Swatch number={group.number} />
                    <span className="min-w-0 truncate" title={group.name}>
                      {group.name}
                    </span>
                  </span>
                </th>
                <td className="px-2">{group.runs.length}</td>
                {shown.map((name) => (
                  <td key={name} className="px-2">
                    <Cell group={group} name={name} values={valuesOf(group, name)} />
                    {i > 0 && <Difference values={valuesOf(group, name)} first={valuesOf(groups[0]!, name)} />}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="mt-2 text-soft text-xs">
        {several
          ? "± is half of the 95 % interval over a line's runs (Student), p that of no difference from the first line (Welch; not corrected for the number of columns)."
          : "± is half of the 95 % interval over the prompts or pairs that were measured; it knows nothing of other seeds."}
      </p>
    </Card>
  );
}

function Cell({ group, name, values }: { group: Group; name: MetricName; values: number[] }) {
  if (values.length === 0) return <span className="text-soft">–</span>;
  const error = group.runs[0]!.latest[`${name}_se` as MetricName];
  const half = values.length > 1 ? interval(values).half : error === undefined ? null : 1.96 * error;
  return (
    <>
      {number(mean(values), 2)}
      {half !== null && <span className="text-soft"> ± {number(half, 2)}</span>}
    </>
  );
}

function Difference({ values, first }: { values: number[]; first: number[] }) {
  const p = welch(first, values);
  if (p === null) return null;
  return <span className="block text-soft text-xs">{p < 0.001 ? "p < 0.001" : `p ${p.toFixed(3)}`}</span>;
}
