import { scaleBand, scaleLinear } from "d3-scale";
import { useRef } from "react";
import { ChartTable } from "../../ui/chart-table";
import { number } from "../../ui/format";
import { useWidth } from "../../ui/use-width";
import { answerName } from "./looks";
import type { Row } from "./tabular";

interface Policy {
  name: string;
  colour: string;
  /** Drawn as an outline. */
  hollow?: boolean;
  shares: Row;
}

const height = 260;
const [left, top, bottom] = [36, 34, 24];

/** Policies side by side at each answer. */
export function Bars({ title, policies }: { title: string; policies: Policy[] }) {
  const host = useRef<HTMLDivElement>(null);
  const width = Math.max(240, useWidth(host, 480));
  const answers = policies[0]!.shares.map((_, y) => y);
  const y = scaleLinear([0, 1], [height - bottom, top]);
  const group = scaleBand(answers, [left, width]).padding(0.25);
  const within = scaleBand(
    policies.map(({ name }) => name),
    [0, group.bandwidth()],
  ).padding(0.1);
  return (
    <figure ref={host} className="min-w-0" aria-label={title}>
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${title}: probability of each answer; the table below has the numbers`}
        className="numbers block max-w-full fill-soft text-xs"
      >
        <text x={4} y={12}>
          probability
        </text>
        {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
          <g key={tick}>
            <line x1={left} x2={width} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
            <text x={left - 8} y={y(tick) + 4} textAnchor="end">
              {tick}
            </text>
          </g>
        ))}
        {answers.map((answer) => (
          <g key={answer} transform={`translate(${group(answer)} 0)`}>
            {policies.map(({ name, colour, hollow, shares }) => (
              <rect
                key={name}
                x={within(name)! + 1}
                width={within.bandwidth() - 2}
                y={y(shares[answer]!)}
                height={y(0) - y(shares[answer]!)}
                fill={hollow ? "var(--surface)" : colour}
                stroke={colour}
                strokeWidth="2"
              >
                <title>{`${name}, ${answerName(answer)}: ${number(shares[answer], 3)}`}</title>
              </rect>
            ))}
            <text x={group.bandwidth() / 2} y={height - 6} textAnchor="middle">
              {answerName(answer)}
            </text>
          </g>
        ))}
      </svg>
      <figcaption>
        <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-xs">
          {policies.map(({ name, colour, hollow }) => (
            <li key={name} className="flex items-center gap-1.5">
              <span
                className="size-3 rounded-xs border-2"
                style={{ borderColor: colour, background: hollow ? "none" : colour }}
              />
              {name}
            </li>
          ))}
        </ul>
        <ChartTable
          title={title}
          columns={["answer", ...policies.map(({ name }) => name)]}
          rows={() =>
            answers.map((answer) => [answerName(answer), ...policies.map(({ shares }) => number(shares[answer], 4))])
          }
        />
      </figcaption>
    </figure>
  );
}
