import type { Group } from "@/lib/runs/compare/groups";
import { paretoFront } from "@/lib/runs/compare/pareto";
import { interval } from "@/lib/runs/compare/student";
import { type MetricName, metrics } from "@/spec/metrics/catalogue";
import { Card } from "../../ui/cards";
import { number } from "../../ui/format";
import { Choice } from "./controls";
import { PathChart, type Trajectory, type TrajectoryPoint } from "./path-chart";
import { Swatch } from "./swatch";
import { rewards, type View } from "./view";

interface Props {
  groups: Group[];
  view: View;
  show: (change: Partial<View>) => void;
}

/** Reward against KL to the reference: what each policy gained, and how far it moved. */
export function Frontier({ groups, view, show }: Props) {
  const { label, unit } = metrics[view.reward];
  const trajectories = trajectoriesOf(groups, view.reward);
  const front = paretoFront(
    trajectories.flatMap(({ points }) => points.map((point) => ({ ...point, reward: point.value }))),
  );
  return (
    <Card
      title="Reward against KL"
      action={
        <Choice label="Reward" value={view.reward} onChange={(reward) => show({ reward: reward as View["reward"] })}>
          {rewards.map((name) => (
            <option key={name} value={name}>
              {metrics[name].label}
            </option>
          ))}
        </Choice>
      }
    >
      {trajectories.length === 0 ? (
        <p className="text-soft">
          None of these runs has measured {label.toLowerCase()} on its own completions. That takes a sampling interval,
          and a synthetic task or a reward model.
        </p>
      ) : (
        <>
          <PathChart label={label} unit={unit} trajectories={trajectories} front={front} root={view.axis !== "kl"} />
          <Legend trajectories={trajectories} unit={unit} />
          <p className="mt-2 text-soft text-xs">
            Each trajectory runs from its ring, the first evaluation, to its largest dot, the last; bars are 95 %
            intervals. The dashed line is the Pareto front.
          </p>
          <PathTable trajectories={trajectories} label={label} />
        </>
      )}
    </Card>
  );
}

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

function Legend({ trajectories, unit }: { trajectories: Trajectory[]; unit: string }) {
  return (
    <ul className="numbers mt-2 flex flex-wrap gap-x-5 gap-y-1 text-xs">
      {trajectories.map(({ name, number: n, points }) => (
        <li key={name} className="flex min-w-0 items-center gap-1.5">
          <Swatch number={n} />
          <span className="max-w-80 truncate" title={name}>
            {name}
          </span>
          <span className="text-soft">
            {number(points.at(-1)!.value, 2)} {unit} at {number(points.at(-1)!.kl, 2)} nats
          </span>
        </li>
      ))}
    </ul>
  );
}

function PathTable({ trajectories, label }: { trajectories: Trajectory[]; label: string }) {
  return (
    <details className="mt-1 text-soft text-xs">
      <summary>Table</summary>
      <section className="max-h-64 overflow-auto" tabIndex={0} aria-label="Reward against KL: table">
        <table className="numbers w-full text-right">
          <thead>
            <tr>
              <th className="text-left font-medium">Group</th>
              <th className="font-medium">Step</th>
              <th className="font-medium">KL, nats/seq</th>
              <th className="font-medium">{label}</th>
            </tr>
          </thead>
          <tbody>
            {trajectories.flatMap(({ name, points }) =>
              points.map(({ step, kl, value, half }) => (
                <tr key={`${name} ${step}`}>
                  <td className="max-w-80 truncate text-left">{name}</td>
                  <td>{step}</td>
                  <td>{number(kl, 2)}</td>
                  <td>
                    {number(value, 2)} ± {number(half, 2)}
                  </td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </section>
    </details>
  );
}
