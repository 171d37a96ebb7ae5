// The one number that tells how a run did.
import type { Method } from "../../spec/config";
import { methodOf } from "../../spec/methods/all";
import type { MetricName } from "../../spec/metrics/catalogue";
import type { RunSummary } from "./run-schema";

const ofAnswers: MetricName[] = ["on_policy/gold", "on_policy/reward", "on_policy/win_rate", "objective/scores"];
const ofPairs: MetricName[] = ["eval_rewards/accuracies", "eval_accuracy", "rewards/accuracies", "accuracy"];
const ofTokens: MetricName[] = ["eval_mean_token_accuracy", "mean_token_accuracy", "eval_loss", "loss"];

/** The first that was measured: of methods that sample, what their answers are worth; of others, how many pairs they get right. */
export function keyMetric(method: Method, latest: RunSummary["latest"]): { metric: MetricName; value: number } | null {
  const first = methodOf({ method }).onPolicy ? [...ofAnswers, ...ofPairs] : [...ofPairs, ...ofAnswers];
  const metric = [...first, ...ofTokens].find((name) => latest[name] != null);
  return metric === undefined ? null : { metric, value: latest[metric]! };
}
