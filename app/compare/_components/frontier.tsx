import type { Group } from "@/lib/runs/compare/groups";
import { comparable } from "@/lib/runs/compare/identity";
import { paretoFront } from "@/lib/runs/compare/pareto";
import { metrics } from "@/spec/metrics/catalogue";
import { Card } from "../../ui/cards";
import { ChartTable } from "../../ui/chart-table";
import { number } from "../../ui/format";
import { Choice } from "./controls";
import { PathChart, type Trajectory } from "./path-chart";
import { Swatch } from "./swatch";
import { trajectoriesOf } from "./trajectories";
import { rewards, type Show, type View } from "./view";

interface Props {
  groups: Group[];
  view: View;
  show: Show;
  /** A run by its id. */
  nameOf: (id: string) => string;
}

/** Reward against KL to the reference: what each policy gained, and how far it moved. */
export function Frontier({ groups, view, show, nameOf }: Props) {
  const { label } = metrics[view.reward];
  const parts = comparable(view.reward, groups, nameOf, false).filter(
    ({ groups }) => trajectoriesOf(groups, view.reward).length > 0,
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
      {parts.length === 0 ? (
        <p className="text-soft">
          None of these runs has measured {label.toLowerCase()} on its own completions. That takes a sampling interval,
          and a synthetic task or a reward model.
        </p>
      ) : (
        parts.map(({ of, groups }) => <Paths key={of} of={of} groups={groups} view={view} />)
      )}
    </Card>
  );
}

/** Of those whose reward is the same one. */
function Paths({ of, groups, view }: { of: string; groups: Group[]; view: View }) {
  const { unit } = metrics[view.reward];
  const label = `${metrics[view.reward].label}${of && ` (${of})`}`;
  const trajectories = trajectoriesOf(groups, view.reward);
  const front = paretoFront(
    trajectories.flatMap(({ points }) => points.map((point) => ({ ...point, reward: point.value }))),
  );
  return (
    <>
      {of && <p className="mt-2 font-medium">{label}</p>}
      <PathChart label={label} unit={unit} trajectories={trajectories} front={front} root={view.axis !== "kl"} />
      <Legend trajectories={trajectories} unit={unit} />
      <p className="mt-2 text-soft text-xs">
        Each trajectory runs from its ring, the first evaluation, to its largest dot, the last; bars are 95 % intervals.
        The dashed line is the Pareto front.
      </p>
      <ChartTable
        title="Reward against KL"
        columns={["Group, step", "KL, nats/seq", label]}
        rows={() => pathRows(trajectories)}
      />
    </>
  );
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

const pathRows = (trajectories: Trajectory[]): [string, ...(string | number)[]][] =>
  trajectories.flatMap(({ name, points }) =>
    points.map(({ step, kl, value, half }): [string, ...(string | number)[]] => [
      `${name}, step ${step}`,
      number(kl, 2),
      `${number(value, 2)} ± ${number(half, 2)}`,
    ]),
  );
