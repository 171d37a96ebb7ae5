// What a policy cost: the models that its training holds, and what it had read and waited for when it first had so much of a reward.
import { isMethod, methodOf } from "../../../spec/methods/all";
import type { MetricName } from "../../../spec/metrics/catalogue";
import { mean } from "../../../spec/statistics";
import type { ComparedRun, EvalPoint } from "./compare-schema";
import type { Group } from "./groups";

/** In the order in which a step uses them. Under adapters they share one frozen base. */
export function modelsHeld({ method, config }: Pick<ComparedRun, "method" | "config">): string[] {
  if (!isMethod(method)) return [];
  const { reference, trainsCritic, produces } = methodOf({ method });
  const rewards = Object.entries(config).some(
    ([path, value]) => /^\w+\.(reward|judge)\.model$/.test(path) && value !== "null" && value !== "",
  );
  return [
    produces === "policy" ? "policy" : "reward model",
    ...(reference === null ? [] : ["reference"]),
    ...(trainsCritic ? ["critic"] : []),
    ...(rewards ? ["reward model"] : []),
  ];
}

const pointsWith = ({ evalPoints }: ComparedRun, reward: MetricName) =>
  evalPoints.filter(({ values }) => typeof values[reward] === "number");

/** The most of a reward that every group has found at some evaluation, on the mean of its runs' best; null where a group has none. */
export function sharedReward(groups: Group[], reward: MetricName): number | null {
  const best = groups.map(({ runs }) => {
    const each = runs.flatMap((run) => {
      const found = pointsWith(run, reward).map(({ values }) => values[reward]!);
      return found.length > 0 ? [Math.max(...found)] : [];
    });
    return each.length > 0 ? mean(each) : null;
  });
  if (best.length === 0 || best.includes(null)) return null;
  return Math.min(...(best as number[]));
}

/** The first evaluation of each run that has the reward; runs that never have are left out. */
export const reaching = ({ runs }: Group, reward: MetricName, target: number): EvalPoint[] =>
  runs.flatMap((run) => pointsWith(run, reward).find(({ values }) => values[reward]! >= target) ?? []);
