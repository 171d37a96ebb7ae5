import type { EvalPoint } from "@/lib/runs/compare/compare-schema";
import { modelsHeld, reaching, sharedReward } from "@/lib/runs/compare/cost";
import type { Group } from "@/lib/runs/compare/groups";
import { comparable } from "@/lib/runs/compare/identity";
import { interval } from "@/lib/runs/compare/student";
import { isMethod, methodOf } from "@/spec/methods/all";
import { type MetricName, metrics } from "@/spec/metrics/catalogue";
import { deviation } from "@/spec/statistics";
import { Card } from "../../ui/cards";
import { number } from "../../ui/format";
import { Link } from "../../ui/link";
import { Swatch } from "./swatch";

interface Props {
  groups: Group[];
  reward: MetricName;
  /** A run by its id. */
  nameOf: (id: string) => string;
}

/** What each way of training holds, reads and takes, and when it first had a reward that all of them reach. */
export function Costs({ groups, reward, nameOf }: Props) {
  const parts = comparable(reward, groups, nameOf, false);
  const targets = new Map(
    parts.flatMap(({ groups }) => groups.map((group) => [group, sharedReward(groups, reward)] as const)),
  );
  const { label } = metrics[reward];
  return (
    <Card title="What it cost">
      <section className="overflow-x-auto" tabIndex={0} aria-label="What it cost: table">
        <table className="numbers w-full whitespace-nowrap text-right">
          <thead className="text-soft text-xs">
            <tr>
              {[
                "Group",
                "Models held",
                "Learns from",
                "Samples",
                "Time in steps, s",
                "Memory, MB",
                `Deviation of ${label.toLowerCase()}`,
                `Until ${label.toLowerCase()} of`,
                "Samples until then",
                "Time until then, s",
              ].map((title, i) => (
                <th key={title} className={`py-1 pr-4 font-medium ${i < 3 ? "text-left" : ""}`}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <CostRow key={group.runs[0]!.id} group={group} reward={reward} target={targets.get(group) ?? null} />
            ))}
          </tbody>
        </table>
      </section>
      <p className="mt-2 text-soft text-xs">
        Under adapters the models share one frozen base, and the reference is the base without an adapter. Samples are
        rows of the data, or completions where the policy samples them. Memory is the trainer's, when it was last
        measured. Deviation is over a group's runs, of which it takes two. The last columns are of the first evaluation
        with the most reward that all groups found, on the mean of the runs that did; ± is half of a 95 % interval.{" "}
        <Link href="/derivation" className="text-accent underline">
          Why PPO and DPO aim at the same policy
        </Link>
      </p>
    </Card>
  );
}

const meanOf = (values: (number | null | undefined)[], digits = 0): string => {
  const known = values.flatMap((value) => value ?? []);
  if (known.length === 0) return "–";
  const { mean, half } = interval(known);
  return known.length > 1 ? `${number(mean, digits)} ± ${number(half, digits)}` : number(mean, digits);
};

function CostRow({ group, reward, target }: { group: Group; reward: MetricName; target: number | null }) {
  const [{ method }] = group.runs as [Group["runs"][number]];
  const last = (name: MetricName) => meanOf(group.runs.map(({ latest }) => latest[name]));
  const ends = group.runs.flatMap(({ latest }) => latest[reward] ?? []);
  const reached = target === null ? [] : reaching(group, reward, target);
  const then = (name: MetricName) => meanOf(reached.map(({ values }: EvalPoint) => values[name]));
  return (
    <tr className="border-t">
      <td className="py-2 pr-4 text-left font-medium">
        <span className="flex max-w-72 items-center gap-2">
          <Swatch number={group.number} />
          <span className="min-w-0 truncate" title={group.name}>
            {group.name}
          </span>
        </span>
      </td>
      <td className="py-2 pr-4 text-left">{modelsHeld(group.runs[0]!).join(", ") || "–"}</td>
      <td className="py-2 pr-4 text-left">{sourceOf(method)}</td>
      <td className="py-2 pr-4">{last("samples")}</td>
      <td className="py-2 pr-4">{last("elapsed")}</td>
      <td className="py-2 pr-4">{last("memory")}</td>
      <td className="py-2 pr-4">{ends.length > 1 ? number(deviation(ends), 2) : "–"}</td>
      <td className="py-2 pr-4">
        {target === null ? "–" : `${number(target, 2)}, ${reached.length} of ${group.runs.length}`}
      </td>
      <td className="py-2 pr-4">{then("samples")}</td>
      <td className="py-2 pr-4">{then("elapsed")}</td>
    </tr>
  );
}

const sourceOf = (method: string) =>
  isMethod(method) ? (methodOf({ method }).onPolicy ? "its own completions" : "rows of the data") : "–";
