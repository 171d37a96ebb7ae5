import type { Curves, RunDetail } from "@/lib/runs/run-schema";
import { type MetricName, metrics } from "@/spec/metrics/catalogue";
import { type Tile, tiles } from "@/spec/metrics/charts";
import { number } from "../../../ui/format";
import { tileMetric } from "./chart-plan";

/** Up to four numbers, each with its unit and a sparkline: is it learning, is it drifting, how fast. As many as the method measures. */
export function Tiles({ run, lines }: { run: RunDetail; lines: Curves["lines"] }) {
  const shown = (Object.keys(tiles) as Tile[]).flatMap((tile) => tileMetric(run, tile) ?? []);
  return (
    <dl className="grid grid-cols-[repeat(auto-fit,minmax(150px,1fr))] gap-px overflow-hidden rounded-md border bg-line">
      {shown.map((name) => (
        <div key={name} className="min-w-0 bg-surface p-4" title={metrics[name].about}>
          <dt className="truncate text-soft text-xs">
            {metrics[name].label} <span>{metrics[name].unit}</span>
          </dt>
          <dd className="numbers mt-1 flex h-7 items-baseline gap-x-1.5 overflow-hidden whitespace-nowrap">
            <Value run={run} name={name} />
          </dd>
          <Sparkline values={lines[name]?.y ?? []} />
        </div>
      ))}
    </dl>
  );
}

function Value({ run, name }: { run: RunDetail; name: MetricName }) {
  const error = run.latest[`${name}_se` as MetricName];
  const interval = name === "on_policy/kl" ? `95 %, n ${run.config.samplePrompts}` : "95 %";
  return (
    <>
      <span className="font-semibold text-lg">{number(run.latest[name], name === "tokens_per_second" ? 0 : 3)}</span>
      {error != null && (
        <span className="text-soft">
          ± {number(1.96 * error, 2)} <span className="hidden text-xs sm:inline">({interval})</span>
        </span>
      )}
    </>
  );
}

function Sparkline({ values: all }: { values: (number | null)[] }) {
  const values = all.filter((value) => value !== null);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const at = (value: number, i: number) =>
    `${((i / Math.max(1, values.length - 1)) * 100).toFixed(1)},${(22 - (20 * (value - low)) / (high - low || 1)).toFixed(1)}`;
  return (
    <svg viewBox="0 0 100 24" preserveAspectRatio="none" className="mt-2 h-6 w-full" aria-hidden="true">
      {values.length > 1 && (
        <polyline
          points={values.map(at).join(" ")}
          fill="none"
          stroke="var(--accent)"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}
