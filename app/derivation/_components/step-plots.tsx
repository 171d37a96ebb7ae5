// One plot a step of the derivation, each with what can be read off it in numbers.
import { sum } from "@/spec/statistics";
import { number } from "../../ui/format";
import { Bars } from "./bars";
import { bySharesOffTheData, frontier, otherPolicies, type Point, rewardsOf, slopeOne, tangent } from "./curves";
import { answerName, looks } from "./looks";
import { Plot } from "./plot";
import { Slider } from "./slider";
import { start } from "./start";
import { descended, expected, kl, logPartition, objective, optimum, pairsOf, type Row, sigmoid } from "./tabular";

export interface Table {
  reference: Row;
  reward: Row;
  beta: number;
}
interface Descent {
  steps: number;
  setSteps: (steps: number) => void;
}

const Reading = ({ children }: { children: React.ReactNode }) => (
  <p className="numbers mt-2 text-xs" aria-live="polite">
    {children}
  </p>
);

const everyAnswer = start.reference.map((_, y) => y);
const names = everyAnswer.map(answerName);

export function ObjectivePlot({ reference, reward, beta }: Table) {
  const best = optimum(reference, reward, beta);
  const curve = frontier(reference, reward);
  const at = (policy: Row): Point[] => [{ x: kl(policy, reference), y: expected(policy, reward) }];
  return (
    <>
      <Plot
        title="Expected reward against KL"
        x="KL(π ‖ π_ref), nats"
        y="E[r]"
        lines={[
          { name: "most reward at each KL", colour: looks.optimum, points: curve },
          {
            name: "slope β",
            colour: looks.policy,
            points: tangent(reference, reward, beta, curve.at(-1)!.x),
            dashed: true,
          },
        ]}
        marks={[
          { name: "other policies", colour: looks.reference, points: otherPolicies(reference, reward), shape: "speck" },
          { name: "π_ref", colour: looks.reference, points: at(reference), shape: "ring" },
          { name: "π*", colour: looks.optimum, points: at(best), shape: "dot" },
        ]}
      />
      <Reading>
        At π*: E[r] {number(expected(best, reward), 3)} − β KL {number(beta * kl(best, reference), 3)} = objective{" "}
        {number(objective(best, reference, reward, beta), 3)} = β log Z, where the dashed line meets the left axis.
      </Reading>
    </>
  );
}

export function OptimumPlot({ table: { reference, reward, beta }, steps, setSteps }: { table: Table } & Descent) {
  const policy = descended(reference, pairsOf(reward, everyAnswer), beta, steps);
  const best = optimum(reference, reward, beta);
  const distance = kl(policy, best);
  return (
    <>
      <Slider
        label="Steps of descent on DPO's loss"
        {...{ value: steps, least: 0, most: start.steps.most, step: 1, written: String(steps), onChange: setSteps }}
      />
      <Bars
        title="π* and what DPO reaches"
        policies={[
          { name: "π_ref", colour: looks.reference, hollow: true, shares: reference },
          { name: "π*", colour: looks.optimum, shares: best },
          { name: `DPO after ${steps} steps`, colour: looks.policy, shares: policy },
        ]}
      />
      <Reading>
        KL(DPO ‖ π*) = {distance < 1e-6 ? "0.000" : number(distance, 3)} nats; KL(π_ref ‖ π*) ={" "}
        {number(kl(reference, best), 2)} nats.
      </Reading>
    </>
  );
}

export function ImplicitRewardPlot({ table: { reference, reward, beta }, steps }: { table: Table; steps: number }) {
  const policy = descended(reference, pairsOf(reward, everyAnswer), beta, steps);
  return (
    <>
      <Plot
        title="Implicit reward against reward"
        x="reward r"
        y="β log π/π_ref"
        lines={[{ name: "r − β log Z", colour: looks.optimum, points: slopeOne(reference, reward, beta) }]}
        marks={[
          {
            name: `DPO after ${steps} steps`,
            colour: looks.policy,
            points: rewardsOf(policy, reference, reward, beta),
            shape: "dot",
            labels: names,
          },
        ]}
      />
      <Reading>β log Z = {number(beta * logPartition(reference, reward, beta), 3)}</Reading>
    </>
  );
}

interface TwoPrompts {
  table: Table;
  above: number;
  setAbove: (above: number) => void;
}
const [first, second] = [0, 2];

export function CancelPlot({ table: { reference, reward, beta }, above, setAbove }: TwoPrompts) {
  const prompts = [
    { name: "first prompt", colour: looks.optimum, reference, reward },
    {
      ...{ name: "second prompt", colour: looks.second, reference: start.other.reference },
      reward: reward.map((r) => r + above),
    },
  ].map((prompt) => ({
    ...prompt,
    points: rewardsOf(optimum(prompt.reference, prompt.reward, beta), prompt.reference, prompt.reward, beta),
  }));
  return (
    <>
      <Slider
        label="Second prompt's rewards above the first's"
        {...{ value: above, least: -2, most: 2, step: 0.1, onChange: setAbove }}
      />
      <Plot
        title="Two prompts, two partition functions"
        x="reward r"
        y="β log π*/π_ref"
        lines={prompts.map(({ name, colour, reference, reward }, i) => ({
          name: `r − β log Z, ${name}`,
          colour,
          points: slopeOne(reference, reward, beta),
          dashed: i === 1,
        }))}
        marks={prompts.map(({ name, colour, points }, i) => ({
          ...{ name: `${names[first]} and ${names[second]}, ${name}`, colour, shape: i === 0 ? "dot" : "ring" },
          points: [points[first]!, points[second]!],
          labels: [names[first]!, names[second]!],
        }))}
      />
      <ul className="numbers mt-2 text-xs" aria-live="polite">
        {prompts.map(({ name, reference, reward, points }) => (
          <li key={name}>
            {name}: β log Z {number(beta * logPartition(reference, reward, beta), 3)}; p({names[first]} ≻{" "}
            {names[second]}) by rewards {number(sigmoid(reward[first]! - reward[second]!), 3)}, by (6){" "}
            {number(sigmoid(points[first]!.y - points[second]!.y), 3)}
          </li>
        ))}
      </ul>
    </>
  );
}

interface OffTheData {
  table: Table;
  compared: number[];
  setCompared: (compared: number[]) => void;
}

export function OffTheDataPlot({ table: { reference, reward, beta }, compared, setCompared }: OffTheData) {
  const pairs = pairsOf(reward, compared);
  const end = descended(reference, pairs, beta, start.steps.end);
  const best = optimum(reference, reward, beta);
  const off = (policy: Row) => sum(policy.filter((_, y) => !compared.includes(y)));
  const curves = bySharesOffTheData(reference, reward, beta, pairs);
  const toggled = (y: number) => everyAnswer.filter((other) => (other === y) !== compared.includes(other));
  return (
    <>
      <fieldset className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
        <legend className="mb-1 font-medium">Compared answers, two to four</legend>
        {everyAnswer.map((y) => (
          <label key={y} className="flex items-center gap-1.5">
            <input
              type="checkbox"
              checked={compared.includes(y)}
              disabled={toggled(y).length < 2 || toggled(y).length > 4}
              onChange={() => setCompared(toggled(y))}
              className="accent-(--accent)"
            />
            {names[y]}
          </label>
        ))}
      </fieldset>
      <Plot
        title="What the answers that are never compared may take"
        x="their share of the probability"
        y="nats, reward"
        lines={[
          { name: "DPO's loss", colour: looks.policy, points: curves.loss },
          { name: "objective (3)", colour: looks.optimum, points: curves.objective, dashed: true },
        ]}
        marks={[
          {
            name: "where descent ends",
            colour: looks.policy,
            points: [{ x: off(end), y: curves.loss[0]!.y }],
            shape: "dot",
          },
          {
            name: "π*",
            colour: looks.optimum,
            points: [{ x: off(best), y: objective(best, reference, reward, beta) }],
            shape: "ring",
          },
        ]}
      />
      <Reading>
        Share of{" "}
        {everyAnswer
          .filter((y) => !compared.includes(y))
          .map((y) => names[y])
          .join(", ")}
        : π_ref {number(off(reference), 3)}, after {start.steps.end} steps of DPO {number(off(end), 3)}, π*{" "}
        {number(off(best), 3)}.
      </Reading>
    </>
  );
}
