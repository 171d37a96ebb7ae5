import type { RunDetail } from "@/lib/runs/run-schema";
import { confidenceBuckets } from "@/spec/metrics/catalogue";
import { wilson } from "@/spec/statistics";
import { ChartTable } from "../../../ui/chart-table";
import { number } from "../../../ui/format";

const [width, height, left, bottom] = [360, 190, 40, 28]; // as high as the charts beside it
const x = (confidence: number) => left + ((confidence - 0.5) / 0.5) * (width - left - 12);
const y = (share: number) => 10 + (1 - share) * (height - bottom - 10);

/** A reward model's accuracy by its confidence, on held-out pairs: on the diagonal its scores can be read as probabilities. */
export function Calibration({ values, step }: { values: RunDetail["latest"]; step: number }) {
  const buckets = confidenceBuckets.flatMap((name) => {
    const pairs = values[`eval_calibration_pairs/${name}`];
    const confidence = values[`eval_confidence/${name}`];
    const right = values[`eval_calibration/${name}`];
    if (pairs == null || confidence == null || right == null) return [];
    return [{ name, pairs, confidence, right, interval: wilson(right, pairs) }];
  });
  return (
    <figure className="min-w-0 rounded-md border bg-surface p-3" aria-label="Calibration on held-out pairs">
      <figcaption>
        <span className="flex h-7 items-center truncate font-medium">
          Calibration
          <span className="ml-1 font-normal text-soft text-xs">accuracy by confidence, 95 % interval</span>
        </span>
        <span className="numbers flex h-5 text-xs">
          {buckets.length === 0
            ? "Measured with the next evaluation on held-out rows"
            : `error ${number(values["eval_calibration/error"])}, step ${step}`}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} width="100%" height={height} aria-hidden="true" fontSize="11">
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line x1={left} x2={width - 12} y1={y(share)} y2={y(share)} stroke="var(--line)" />
            <text x={left - 6} y={y(share) + 4} textAnchor="end" fill="var(--soft)">
              {share}
            </text>
          </g>
        ))}
        {[0.5, 0.6, 0.7, 0.8, 0.9, 1].map((confidence) => (
          <text key={confidence} x={x(confidence)} y={height - 10} textAnchor="middle" fill="var(--soft)">
            {confidence}
          </text>
        ))}
        <line x1={x(0.5)} y1={y(0.5)} x2={x(1)} y2={y(1)} stroke="var(--soft)" strokeDasharray="4 4" />
        {buckets.map(({ name, confidence, right, interval }) => (
          <g key={name} stroke="var(--accent)" fill="var(--accent)">
            <line x1={x(confidence)} x2={x(confidence)} y1={y(interval[0])} y2={y(interval[1])} strokeWidth="2" />
            <circle cx={x(confidence)} cy={y(right)} r="4" />
          </g>
        ))}
      </svg>
      <ChartTable
        title="Calibration"
        columns={["Confidence", "Accuracy", "95 %", "Pairs"]}
        rows={() =>
          buckets.map(({ confidence, right, interval: [low, high], pairs }) => [
            number(confidence),
            number(right),
            `${number(low)} to ${number(high)}`,
            pairs,
          ])
        }
      />
    </figure>
  );
}
