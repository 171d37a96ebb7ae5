"use client";

import { scaleLinear, scaleSqrt } from "d3-scale";
import { curveStepAfter, line } from "d3-shape";
import { useRef } from "react";
import { number } from "../../ui/format";
import { useWidth } from "../../ui/use-width";
import { colourOf, dashOf } from "./colours";
import { SaveChart, svgOf } from "./save-chart";
import { klTicks, tickCount, valueScale } from "./ticks";

/** A policy at one evaluation, or the mean of a group's. */
export interface TrajectoryPoint {
  step: number;
  /** nats/seq */
  kl: number;
  value: number;
  /** Half of the 95 % interval; 0 where unknown. */
  half: number;
}
export interface Trajectory {
  name: string;
  number: number;
  /** In the order of training. */
  points: TrajectoryPoint[];
}

interface Props {
  label: string;
  unit: string;
  trajectories: Trajectory[];
  /** The Pareto front. */
  front: TrajectoryPoint[];
  /** Along √KL, in which most frontiers are straight, or along KL. */
  root: boolean;
}

const height = 360;
const [left, right, top, bottom] = [48, 16, 12, 44];

/** Trajectories over KL in the order of training: a ring at the first evaluation, dots that grow to the last. */
export function PathChart({ label, unit, trajectories, front, root }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const width = Math.max(260, useWidth(host, 720));
  const points = trajectories.flatMap((trajectory) => trajectory.points);
  const farthest = Math.max(0.1, ...points.map(({ kl }) => kl));
  const x = (root ? scaleSqrt : scaleLinear)([0, farthest], [left, width - right]);
  const ends = points.flatMap(({ value, half }) => [value - half, value + half]);
  const y = valueScale(ends, [height - bottom, top]);
  const written = y.tickFormat(tickCount);
  return (
    <div ref={host} className="min-w-0">
      <p className="flex justify-end">
        <SaveChart name={`${label} over KL`} svg={() => svgOf(host.current?.querySelector("svg"))} />
      </p>
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${label} over KL to the reference, ${trajectories.map(({ name }) => name).join(", ")}; the table below has the numbers`}
        className="numbers block max-w-full fill-soft text-xs"
        xmlns="http://www.w3.org/2000/svg"
      >
        {y.ticks(tickCount).map((tick) => (
          <g key={tick}>
            <line x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
            <text x={left - 8} y={y(tick) + 4} textAnchor="end">
              {written(tick)}
            </text>
          </g>
        ))}
        {klTicks(x).map((kl) => (
          <g key={kl}>
            <line x1={x(kl)} x2={x(kl)} y1={top} y2={height - bottom} stroke="var(--line)" strokeDasharray="2 4" />
            <text x={x(kl)} y={height - bottom + 16} textAnchor="middle">
              {kl}
            </text>
          </g>
        ))}
        <text x={(left + width - right) / 2} y={height - 8} textAnchor="middle">
          KL to the reference, nats/seq{root && ", square-root scale"}
        </text>
        {front.length > 1 && (
          <path
            d={through(x, y).curve(curveStepAfter)(front) ?? ""}
            fill="none"
            stroke="var(--soft)"
            strokeDasharray="5 4"
          />
        )}
        {trajectories.map((trajectory) => (
          <Path key={trajectory.name} trajectory={trajectory} unit={unit} x={x} y={y} />
        ))}
      </svg>
    </div>
  );
}

type Scale = (value: number) => number;

const through = (x: Scale, y: Scale) =>
  line<TrajectoryPoint>(
    ({ kl }) => x(kl),
    ({ value }) => y(value),
  );

interface PathProps {
  trajectory: Trajectory;
  unit: string;
  x: Scale;
  y: Scale;
}

function Path({ trajectory: { name, number: n, points }, unit, x, y }: PathProps) {
  const colour = colourOf(n);
  return (
    <g stroke={colour}>
      <path
        d={through(x, y)(points) ?? ""}
        fill="none"
        strokeWidth="2"
        strokeLinejoin="round"
        strokeDasharray={dashOf(n).join(" ")}
      />
      {points.map(({ step, kl, value, half }, i) => (
        <g key={step}>
          <line x1={x(kl)} x2={x(kl)} y1={y(value - half)} y2={y(value + half)} strokeOpacity="0.4" strokeWidth="1.5" />
          <circle
            cx={x(kl)}
            cy={y(value)}
            r={i === 0 ? 3.5 : 2.5 + (2.5 * i) / (points.length - 1)}
            fill={i === 0 ? "var(--surface)" : colour}
          >
            <title>{`${name}, step ${step}: ${number(value, 2)} ± ${number(half, 2)} ${unit} at ${number(kl, 2)} nats`}</title>
          </circle>
        </g>
      ))}
    </g>
  );
}
