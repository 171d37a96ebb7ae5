// What two runs have to share so that a metric of theirs is one thing: a learned reward is that of one reward model, a loss that of one method.

import { isHttp, shownAddress } from "../../../spec/http-address";
import type { MetricName } from "../../../spec/metrics/catalogue";
import type { ComparedRun } from "./compare-schema";
import type { Group } from "./groups";

/** Metrics that are scores of whatever rewards the run. */
const ofReward: MetricName[] = [
  "on_policy/reward",
  "objective/scores",
  "objective/rlhf_reward",
  "objective/kept_scores",
  "score/model",
  "score/remote",
  "score/function",
  "score/environment",
];
const ofMethod: MetricName[] = ["loss", "eval_loss"];

export interface Comparable {
  /** Beside the metric's label: whose reward, or which method's loss; empty where there is nothing to tell apart. */
  of: string;
  groups: Group[];
}

/** The groups of which a metric may share an axis. `mixed`: losses of different methods too. */
export function comparable(
  metric: MetricName,
  groups: Group[],
  nameOf: (id: string) => string,
  mixed: boolean,
): Comparable[] {
  const identity = identityOf(metric, nameOf, mixed);
  const having = groups.filter(({ runs }) => runs.some(({ latest }) => latest[metric] !== undefined));
  const kinds = [...new Set(having.map(identity))];
  return kinds.map((of) => ({ of, groups: having.filter((group) => identity(group) === of) }));
}

function identityOf(metric: MetricName, nameOf: (id: string) => string, mixed: boolean): (group: Group) => string {
  const ofRuns =
    (of: (run: ComparedRun) => string) =>
    ({ runs }: Group) =>
      [...new Set(runs.map(of))].join(" and ");
  if (ofReward.includes(metric)) return ofRuns((run) => rewardOf(run, nameOf));
  if (ofMethod.includes(metric) && !mixed) return ofRuns(({ method }) => method);
  return () => "";
}

/** Who rewards a run: its reward models by name, the oracle of a synthetic task, a program or an environment by its address or its file. */
export function rewardOf({ config }: Pick<ComparedRun, "config">, nameOf: (id: string) => string): string {
  const given = (end: RegExp) =>
    Object.entries(config).find(([path, value]) => end.test(path) && value !== "null" && value !== "")?.[1];
  const model = given(/^\w+\.(reward|judge)\.model$/) ?? given(/^sampleReward$/);
  const steps = given(/^\w+\.(reward|judge)\.steps$/);
  const gold = given(/^\w+\.(reward|judge)\.gold$/);
  const remote = given(/^\w+\.(reward|judge)\.remote$/);
  const ownFunction = given(/^\w+\.(reward|judge)\.function\.file$/);
  const grader = given(/^\w+\.(reward|judge)\.grader\.endpoint$/);
  const environment = given(/^\w+\.environment\.(file|address)$/);
  const parts = [
    ...(model
      ? [`${modelsIn(model).map(nameOf).join(", ")}${steps && steps !== "minimum" ? ` (${steps} of steps)` : ""}`]
      : []),
    ...(gold ? ["oracle"] : []),
    ...(remote ? [shownAddress(remote)] : []),
    ...(ownFunction ? [ownFunction.split("/").at(-1)!] : []),
    ...(grader ? [grader] : []),
    ...(environment ? [isHttp(environment) ? shownAddress(environment) : environment.split("/").at(-1)!] : []),
  ];
  return parts.length > 0 ? parts.join(" + ") : "rules";
}

/** A path, or several as a list in JSON; of each the run's id, which its folder is called. */
function modelsIn(value: string): string[] {
  const paths = value.startsWith("[") ? (JSON.parse(value) as string[]) : [value];
  return paths.map((path) => /runs\/(\w+)/.exec(path)?.[1] ?? path.split("/").at(-1)!);
}
