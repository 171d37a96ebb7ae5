import type { DistributionDto, SampleDto } from "@/lib/runs/run-schema";
import { type DistributionName, distributions, type Histogram, histogramOf } from "@/spec/histograms";
import { Card } from "../../../ui/cards";
import { ChartTable } from "../../../ui/chart-table";
import { number } from "../../../ui/format";

interface Column extends Histogram {
  step: number;
}
interface Distribution {
  title: string;
  unit: string;
  about: string;
  columns: Column[];
}

/** Distributions of scores, advantages and log-ratios over the run, and of its sample completions. */
export function Distributions({ histograms, samples }: { histograms: DistributionDto[]; samples: SampleDto[] }) {
  const sampled = (Object.keys(distributions) as DistributionName[]).map((name): Distribution => {
    const { label, unit, about } = distributions[name];
    return { title: label, unit, about, columns: histograms.filter((one) => one.name === name) };
  });
  const shown = [...sampled, ...sampleDistributions(samples)].filter(({ columns }) => columns.length > 1);
  if (shown.length === 0) return null;
  return (
    <div className="mt-4">
      <Card title="Distributions">
        <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
          {shown.map((distribution) => (
            <Heat key={distribution.title} distribution={distribution} />
          ))}
        </div>
      </Card>
    </div>
  );
}

const ofSamples: { title: string; unit: string; about: string; value: (sample: SampleDto) => number | null }[] = [
  {
    title: "Reward of sample completions",
    unit: "points",
    about: "Completions of the evaluation prompts.",
    value: ({ gold, reward }) => gold ?? reward,
  },
  {
    title: "KL of sample completions",
    unit: "nats/seq",
    about: "log π/π_ref of each completion of the evaluation prompts.",
    value: ({ kl }) => kl,
  },
  {
    title: "Length of sample completions",
    unit: "tokens",
    about: "Completions of the evaluation prompts.",
    value: ({ tokens }) => tokens,
  },
];

function sampleDistributions(samples: SampleDto[]): Distribution[] {
  const steps = [...new Set(samples.map(({ step }) => step))];
  return ofSamples.map(({ value, ...distribution }) => ({
    ...distribution,
    columns: steps.flatMap((step) => {
      const histogram = histogramOf(samples.filter((one) => one.step === step).flatMap((one) => value(one) ?? []));
      return histogram ? [{ step, ...histogram }] : [];
    }),
  }));
}

const [width, height, left, bottom, maxColumns] = [360, 170, 44, 26, 60];

/** One column per step, darker where more of the values lie. */
function Heat({ distribution: { title, unit, about, columns } }: { distribution: Distribution }) {
  const every = Math.ceil(columns.length / maxColumns);
  const drawn = columns.filter((_, i) => i % every === 0 || i === columns.length - 1);
  const low = Math.min(...drawn.map((column) => column.low));
  const high = Math.max(...drawn.map((column) => column.high));
  const wide = (width - left - 8) / drawn.length;
  const y = (value: number) => 8 + ((height - bottom - 8) * (high - value)) / (high - low || 1);
  return (
    <figure className="min-w-0" aria-label={`${title}, ${unit}, over steps`}>
      <figcaption className="font-medium" title={about}>
        {title} <span className="font-normal text-soft text-xs">{unit}</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} className="w-full fill-soft" fontSize="11" aria-hidden="true">
        {[low, high].map((value) => (
          <text key={value} x={left - 6} y={y(value) + 4} textAnchor="end">
            {number(value, 1)}
          </text>
        ))}
        {drawn.map((column, i) => (
          <g key={column.step} fill="var(--accent)">
            {boxesOf(column).map(({ from, to, share }) => (
              <rect
                key={from}
                x={left + i * wide}
                y={y(to)}
                width={Math.max(1, wide - 0.5)}
                height={Math.max(1, y(from) - y(to))}
                fillOpacity={0.12 + 0.88 * share}
              />
            ))}
          </g>
        ))}
        <text x={left} y={height - 8}>
          step {drawn[0]!.step}
        </text>
        <text x={width - 8} y={height - 8} textAnchor="end">
          {drawn.at(-1)!.step}
        </text>
      </svg>
      <ChartTable
        title={title}
        columns={["Step", "Min", "Median (approx.)", "Max"]}
        rows={() =>
          drawn.map((column) => [
            column.step,
            ...[column.low, medianOf(column), column.high].map((value) => number(value, 2)),
          ])
        }
      />
    </figure>
  );
}

/** The non-empty bins, with their count relative to the fullest one. */
function boxesOf({ low, high, counts }: Histogram): { from: number; to: number; share: number }[] {
  const part = (high - low) / counts.length;
  const fullest = Math.max(...counts);
  return counts.flatMap((count, i) =>
    count > 0 ? [{ from: low + i * part, to: low + (i + 1) * part, share: count / fullest }] : [],
  );
}

/** The middle of the bin that holds the median. */
function medianOf({ low, high, counts }: Histogram): number {
  const half = counts.reduce((a, b) => a + b, 0) / 2;
  let seen = 0;
  const part = counts.findIndex((count) => {
    seen += count;
    return seen >= half;
  });
  return low + ((part + 0.5) * (high - low)) / counts.length;
}
