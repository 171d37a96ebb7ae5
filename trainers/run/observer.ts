// Where a run's events go: the database under the runner, standard output on the command line.
import type { Alert } from "../../spec/alerts";
import type { Answer } from "../../spec/answers";
import type { Check } from "../../spec/checks";
import type { DistributionName, Histogram } from "../../spec/histograms";
import type { MetricRow } from "../../spec/metrics/catalogue";
import type { TracedRollout } from "../../spec/rollouts";

export interface Observer {
  note(text: string): void;
  started(info: { step: number; totalSteps: number; trainRows: number; heldOutRows: number; parameters: number }): void;
  metrics(row: MetricRow): void;
  answers(step: number, answers: Answer[]): void;
  alert(alert: Alert): void;
  histogram(step: number, name: DistributionName, histogram: Histogram): void;
  /** A few completions that the step learned from, token by token. */
  rollouts(step: number, rollouts: TracedRollout[]): void;
  checkpoint(step: number, folder: string, manifestHash: string): void;
  /** An invariant was checked and holds. */
  checked(check: Check): void;
  /** A file in the output folder holds pairs for people to judge. */
  waiting(asked: { round: number; request: string; answer: string }): void;
}

/** Ignores everything. */
export const silent: Observer = {
  checked() {},
  waiting() {},
  note() {},
  started() {},
  metrics() {},
  answers() {},
  alert() {},
  histogram() {},
  rollouts() {},
  checkpoint() {},
};
