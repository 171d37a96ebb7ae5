// The columns of the final metrics: a metric of the groups that have the same one.
import type { Group } from "@/lib/runs/compare/groups";
import { type Comparable, comparable } from "@/lib/runs/compare/identity";
import type { Sample } from "@/lib/runs/compare/student";
import { inView, type MetricName, metrics } from "@/spec/metrics/catalogue";
import type { Metric } from "@/spec/metrics/metric";
import { mean } from "@/spec/statistics";

export interface FinalColumn extends Comparable {
  metric: MetricName;
  key: string;
  label: string;
  unit: string;
  about: string;
  better: Metric["better"];
  /** Null where nothing is better or worse, or there is nothing to compare. */
  best: Group | null;
}

export function finalColumns(groups: Group[], nameOf: (id: string) => string): FinalColumn[] {
  return inView("finals").flatMap((metric) =>
    comparable(metric, groups, nameOf, false).map((part): FinalColumn => {
      const { label, unit, about, better }: Metric = metrics[metric];
      return {
        ...part,
        ...{ metric, unit, about, better },
        key: `${metric} ${part.of}`,
        label: `${label}${part.of && ` (${part.of})`}`,
        best: bestOf(part.groups, metric, better),
      };
    }),
  );
}

function bestOf(groups: Group[], metric: MetricName, better: Metric["better"]): Group | null {
  if (better === undefined || groups.length < 2) return null;
  const sign = better === "more" ? 1 : -1;
  return groups.reduce((a, b) => (sign * meanOf(b, metric) > sign * meanOf(a, metric) ? b : a));
}

const valuesOf = ({ runs }: Group, name: MetricName) => runs.flatMap(({ latest }) => latest[name] ?? []);

export const meanOf = (group: Group, metric: MetricName): number => mean(valuesOf(group, metric));

export const sampleOf = (group: Group, metric: MetricName): Sample => ({
  values: valuesOf(group, metric),
  error: group.runs.length === 1 ? (group.runs[0]!.latest[`${metric}_se` as MetricName] ?? null) : null,
});
