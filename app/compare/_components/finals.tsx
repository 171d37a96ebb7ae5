import type { Group } from "@/lib/runs/compare/groups";
import { interval, welch } from "@/lib/runs/compare/student";
import { inView, type MetricName, metrics } from "@/spec/metrics/catalogue";
import { mean } from "@/spec/statistics";
import { Card } from "../../ui/cards";
import { number } from "../../ui/format";
import { type Column, Table } from "../../ui/table";
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
        <Table
          rows={groups}
          keyOf={({ name }) => name}
          columns={[
            { name: "Group", cell: (group) => <Name group={group} /> },
            { name: "Runs", numeric: true, cell: ({ runs }) => runs.length },
            ...shown.map(
              (name): Column<Group> => ({
                name: metrics[name].label,
                unit: metrics[name].unit,
                about: metrics[name].about,
                numeric: true,
                cell: (group) => (
                  <>
                    <Cell group={group} name={name} values={valuesOf(group, name)} />
                    {group !== groups[0] && (
                      <Difference values={valuesOf(group, name)} first={valuesOf(groups[0]!, name)} />
                    )}
                  </>
                ),
              }),
            ),
          ]}
        />
      </section>
      <p className="mt-2 text-soft text-xs">
        {several
          ? "± is the half-width of the 95 % interval over a group's runs (Student's t); p is for the difference from the first group (Welch's t-test, not corrected for multiple comparisons)."
          : "± is the half-width of the 95 % interval over the evaluated prompts or pairs; it does not cover variation between seeds."}
      </p>
    </Card>
  );
}

const Name = ({ group: { name, number } }: { group: Group }) => (
  <span className="flex max-w-72 items-center gap-2">
    <Swatch number={number} />
    <span className="min-w-0 truncate" title={name}>
      {name}
    </span>
  </span>
);

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
