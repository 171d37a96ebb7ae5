// Round numbers along the axes of canvas charts, written with as many digits as the step between them needs.
import { scaleLinear, scaleLog } from "d3-scale";
import type uPlot from "uplot";

/** Pixels between neighbouring labels. */
const apart = { x: 80, y: 36 };

/** About `count` round numbers from `min` to `max`; whole ones only where the axis counts something. */
export function linearTicks(min: number, max: number, count: number, whole = false): number[] {
  const ticks = scaleLinear([min, max], [0, 1]).ticks(count);
  return whole ? ticks.filter(Number.isInteger) : ticks;
}

/** Ticks as text: 0.25 and 0.75 where the step is 0.25, 200k where numbers are long, 5e-4 where they are tiny. */
export function tickTexts(ticks: number[]): string[] {
  const [first = 0, last = 0] = [ticks[0], ticks.at(-1)];
  const largest = Math.max(Math.abs(first), Math.abs(last));
  const kind = largest >= 1e5 ? "~s" : largest > 0 && largest < 1e-3 ? "~e" : undefined;
  const written = scaleLinear([first, last], [0, 1]).tickFormat(Math.max(1, ticks.length - 1), kind);
  return ticks.map((tick) => (tick === 0 ? "0" : written(tick)));
}

/** Round numbers on a logarithmic scale, from 1, 2 and 5 of each decade where there is room. */
export function logTicks(min: number, max: number, count: number): number[] {
  const scale = scaleLog([min, max], [0, 1]);
  const ticks = scale.ticks(count);
  const written = scale.tickFormat(count, "~e");
  return ticks.length <= count + 2 ? ticks : ticks.filter((tick) => written(tick) !== "");
}

const logText = (tick: number) => tick.toLocaleString("en", { maximumSignificantDigits: 3 });

type TickParts = Pick<uPlot.Axis, "splits" | "values">;

/** A horizontal axis; `whole` where it counts steps, rows or tokens. */
export const xTicks = (whole: boolean): TickParts => ({
  splits: ({ width }, _, min, max) => linearTicks(min, max, Math.max(2, width / apart.x), whole),
  values: (_, ticks) => tickTexts(ticks),
});

export const yTicks = (log: boolean): TickParts => ({
  splits: ({ height }, _, min, max) => {
    const count = Math.max(2, height / apart.y);
    return log ? logTicks(min, max, count) : linearTicks(min, max, count);
  },
  values: (_, ticks) => (log ? ticks.map(logText) : tickTexts(ticks)),
});
