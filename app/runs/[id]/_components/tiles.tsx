import type { Curves, RunDetail } from "@/lib/runs/run-schema";
import { inTile, type MetricName, metrics } from "@/spec/metrics/catalogue";
import { type Tile, tiles } from "@/spec/metrics/charts";
import { number } from "../../../ui/format";

/** Four numbers, each with its unit and a sparkline: is it learning, is it drifting, how fast. */
export function Tiles({ run, lines }: { run: RunDetail; lines: Curves["lines"] }) {
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border bg-line lg:grid-cols-4">
      {(Object.keys(tiles) as Tile[]).map((tile) => {
        const name = inTile(tile).find((candidate) => run.latest[candidate] !== undefined);
        return (
          <div key={tile} className="bg-surface p-4" title={name && metrics[name].about}>
            <dt className="text-soft text-xs">{name ? metrics[name].label : tiles[tile]}</dt>
            <dd className="numbers mt-1 flex flex-wrap items-baseline gap-x-1.5">
              {name ? <Value run={run} name={name} /> : <span className="font-semibold text-lg">–</span>}
            </dd>
            <Sparkline values={(name && lines[name]?.y) ?? []} />
          </div>
        );
      })}
    </dl>
  );
}

function Value({ run, name }: { run: RunDetail; name: MetricName }) {
  const error = run.latest[`${name}_se` as MetricName];
  const interval = name === "on_policy/kl" ? ` (95 %, n ${run.config.samplePrompts})` : " (95 %)";
  return (
    <>
      <span className="font-semibold text-lg">{number(run.latest[name], name === "tokens_per_second" ? 0 : 3)}</span>
      {error != null && <span className="text-soft">± {number(1.96 * error, 2)}</span>}
      <span className="text-soft text-xs">
        {metrics[name].unit}
        {error != null && interval}
      </span>
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
