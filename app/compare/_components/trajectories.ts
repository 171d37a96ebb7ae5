// Where policies went, evaluation by evaluation, and what they reached.
import type { Group } from "@/lib/runs/compare/groups";
import { comparable } from "@/lib/runs/compare/identity";
import { interval } from "@/lib/runs/compare/student";
import { type MetricName, metrics } from "@/spec/metrics/catalogue";
import { mean } from "@/spec/statistics";
import { number } from "../../ui/format";
import type { Trajectory, TrajectoryPoint } from "./path-chart";

/** Each group's trajectory: its means at the steps that all of its runs have evaluated. */
export function trajectoriesOf(groups: Group[], metric: MetricName): Trajectory[] {
  return groups.flatMap(({ name, number, runs }) => {
    const measured = runs.map(({ evalPoints }) => evalPoints.filter(({ values }) => values[metric] !== undefined));
    const steps = measured[0]!.map(({ step }) => step);
    const shared = steps.filter((step) => measured.every((points) => points.some((point) => point.step === step)));
    const points = shared.map((step): TrajectoryPoint => {
      const atStep = measured.map((points) => points.find((point) => point.step === step)!.values);
      const kl = interval(atStep.map((values) => values["on_policy/kl"]!)).mean;
      const { mean, half } = interval(atStep.map((values) => values[metric]!));
      const own = 1.96 * (atStep[0]![`${metric}_se` as MetricName] ?? 0);
      return { step, kl, value: mean, half: atStep.length > 1 ? half : own };
    });
    return points.length > 0 ? [{ name, number, points }] : [];
  });
}

type NameOf = (id: string) => string;

/** What the policies reached and how far they moved for it, a sentence for each reward; without one, their accuracies. */
export function reached(groups: Group[], reward: MetricName, nameOf: NameOf): string[] {
  const sentences = comparable(reward, groups, nameOf, false).flatMap(({ of, groups }) => {
    const ends = trajectoriesOf(groups, reward)
      .map(({ name, points }) => ({ name, ...points.at(-1)! }))
      .toSorted((a, b) => b.value - a.value);
    const words = ends.map(({ name, value, kl }) => `${name} ${number(value, 2)} at ${number(kl, 2)} nats/seq`);
    return words.length > 0 ? [`${metrics[reward].label}${of && ` (${of})`}: ${words.join("; ")}.`] : [];
  });
  return sentences.length > 0 ? sentences : accuracies(groups);
}

function accuracies(groups: Group[]): string[] {
  return (["eval_rewards/accuracies", "eval_accuracy"] as const).flatMap((metric) => {
    const ends = groups.flatMap(({ name, runs }) => {
      const values = runs.flatMap(({ latest }) => latest[metric] ?? []);
      return values.length > 0 ? [{ name, value: mean(values) }] : [];
    });
    const words = ends.toSorted((a, b) => b.value - a.value).map(({ name, value }) => `${name} ${number(value, 2)}`);
    return words.length > 0 ? [`${metrics[metric].label}: ${words.join("; ")}.`] : [];
  });
}
