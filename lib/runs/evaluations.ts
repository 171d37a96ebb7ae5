// What a run measured of its model on held-out rows and of its own answers.
import { type MetricName, metrics } from "../../spec/metrics/catalogue";
import { latestOf } from "../history/metric-rows";

export interface Evaluation {
  name: MetricName;
  label: string;
  value: number;
  /** Its standard error, where it has one. */
  error: number | null;
}

/** The newest values. */
export function evaluationsOf(runId: string): Evaluation[] {
  const latest = latestOf(runId);
  return (Object.entries(latest) as [MetricName, number][])
    .filter(([name]) => /^(eval_|on_policy\/)/.test(name) && !name.endsWith("_se"))
    .map(([name, value]) => ({
      ...{ name, value, label: metrics[name].label },
      error: latest[`${name}_se` as MetricName] ?? null,
    }));
}
