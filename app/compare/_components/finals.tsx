import type { Group } from "@/lib/runs/compare/groups";
import { interval, welch } from "@/lib/runs/compare/student";
import { inView, type MetricName, metrics } from "@/spec/metrics/catalogue";
import { mean } from "@/spec/statistics";
import { Card } from "../../ui/cards";
import { number } from "../../ui/format";
import { Swatch } from "./swatch";

/** Final metrics of each group, with a Welch test against the first group where it has several runs. */
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
              <th className="py-1.5 pr-4 text-left font-medium">Group</th>
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
          ? "± is the half-width of the 95 % interval over a group's runs (Student's t); p is for the difference from the first group (Welch's t-test, not corrected for multiple comparisons)."
          : "± is the half-width of the 95 % interval over the evaluated prompts or pairs; it does not cover variation between seeds."}
      </p>
    </Card>
  );
}

function Cell({ group, name, values }: { group: Group; name: MetricName; values: number[] }) {
  if (values.length === 0) return <span className="text-soft">–</span>;
  const error = group.runs[0]!.latest[`${name}_se` as MetricName];
  const half = values.length > 1 ? interval(values).half : error == null ? null : 1.96 * error;
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
