import type { DistributionDto, SampleDto } from "@/lib/runs/run-schema";
import { type Histogram, histogramOf, type SpreadName, spreads } from "@/spec/histograms";
import { Card } from "../../../ui/cards";
import { number } from "../../../ui/format";

interface Column extends Histogram {
  step: number;
}
interface Spread {
  title: string;
  unit: string;
  about: string;
  columns: Column[];
}

/** What means hide: how scores, advantages and log-ratios are spread as the run goes, and those of its answers to the fixed prompts. */
export function Spreads({ histograms, answers }: { histograms: DistributionDto[]; answers: SampleDto[] }) {
  const sampled = (Object.keys(spreads) as SpreadName[]).map((name): Spread => {
    const { label, unit, about } = spreads[name];
    return { title: label, unit, about, columns: histograms.filter((one) => one.name === name) };
  });
  const shown = [...sampled, ...answerSpreads(answers)].filter(({ columns }) => columns.length > 1);
  if (shown.length === 0) return null;
  return (
    <div className="mt-4">
      <Card title="Spread">
        <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
          {shown.map((spread) => (
            <Heat key={spread.title} spread={spread} />
          ))}
        </div>
      </Card>
    </div>
  );
}

const ofAnswers: { title: string; unit: string; about: string; value: (answer: SampleDto) => number | null }[] = [
  {
    title: "Reward of its answers",
    unit: "points",
    about: "To the fixed prompts.",
    value: ({ gold, reward }) => gold ?? reward,
  },
  {
    title: "KL of its answers",
    unit: "nats/seq",
    about: "log π/π_ref of each answer to the fixed prompts.",
    value: ({ kl }) => kl,
  },
  { title: "Length of its answers", unit: "tokens", about: "To the fixed prompts.", value: ({ tokens }) => tokens },
];

function answerSpreads(answers: SampleDto[]): Spread[] {
  const steps = [...new Set(answers.map(({ step }) => step))];
  return ofAnswers.map(({ value, ...spread }) => ({
    ...spread,
    columns: steps.flatMap((step) => {
      const histogram = histogramOf(answers.filter((one) => one.step === step).flatMap((one) => value(one) ?? []));
      return histogram ? [{ step, ...histogram }] : [];
    }),
  }));
}

const [width, height, left, bottom, most] = [360, 170, 44, 26, 60];

/** A column a step, darker where more of the values are; its middle half is also told in the table. */
function Heat({ spread: { title, unit, about, columns } }: { spread: Spread }) {
  const every = Math.ceil(columns.length / most);
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
      <details className="text-soft text-xs">
        <summary>Table</summary>
        <section className="max-h-40 overflow-auto" tabIndex={0} aria-label={`${title}: table`}>
          <table className="numbers w-full text-right">
            <thead>
              <tr>
                {["Step", "Least", "About the median", "Most"].map((name) => (
                  <th key={name} className="font-medium">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {drawn.map((column) => (
                <tr key={column.step}>
                  <td>{column.step}</td>
                  <td>{number(column.low, 2)}</td>
                  <td>{number(medianOf(column), 2)}</td>
                  <td>{number(column.high, 2)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  );
}

/** The parts that hold values, with their share of the fullest one. */
function boxesOf({ low, high, counts }: Histogram): { from: number; to: number; share: number }[] {
  const part = (high - low) / counts.length;
  const fullest = Math.max(...counts);
  return counts.flatMap((count, i) =>
    count > 0 ? [{ from: low + i * part, to: low + (i + 1) * part, share: count / fullest }] : [],
  );
}

/** The middle of the part in which half of the values are reached. */
function medianOf({ low, high, counts }: Histogram): number {
  const half = counts.reduce((a, b) => a + b, 0) / 2;
  let seen = 0;
  const part = counts.findIndex((count) => {
    seen += count;
    return seen >= half;
  });
  return low + ((part + 0.5) * (high - low)) / counts.length;
}
