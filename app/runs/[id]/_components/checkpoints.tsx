import { GitFork } from "lucide-react";
import Link from "next/link";
import type { Curves, RunDetail } from "@/lib/runs/run-schema";
import { inView, type MetricName, metrics } from "@/spec/metrics/catalogue";
import { Card } from "../../../ui/cards";
import { number } from "../../../ui/format";

/** Saved checkpoints with their metrics, and a link to fork from each. */
export function Checkpoints({ run, lines }: { run: RunDetail; lines: Curves["lines"] }) {
  const shown = inView("checkpoints")
    .filter((name) => lines[name])
    .slice(0, 3);
  const at = (name: MetricName, step: number) => lines[name]?.y[lines[name].x.indexOf(step)];
  return (
    <Card title="Checkpoints">
      {run.checkpoints.length === 0 ? (
        <p className="text-soft">{run.origin ? "None came with its metrics." : "None yet. Stopping saves one."}</p>
      ) : (
        <section className="overflow-x-auto" tabIndex={0} aria-label="Checkpoints: table">
          <table className="numbers w-full text-right">
            <thead className="text-soft text-xs">
              <tr>
                <th className="text-left font-medium">Step</th>
                {shown.map((name) => (
                  <th key={name} className="px-1 font-medium" title={metrics[name].about}>
                    {metrics[name].label}
                  </th>
                ))}
                <th className="px-1 font-medium">Saved</th>
                <th className="sr-only">Fork</th>
              </tr>
            </thead>
            <tbody>
              {run.checkpoints.map(({ step, createdAt }) => (
                <tr key={`${step}-${createdAt}`}>
                  <td className="text-left">{step}</td>
                  {shown.map((name) => (
                    <td key={name} className="px-1">
                      {number(at(name, step), 2)}
                    </td>
                  ))}
                  <td className="px-1 text-soft">{new Date(createdAt).toLocaleTimeString("en-GB")}</td>
                  <td>
                    {run.config.adapter && (
                      <Link
                        href={`/runs/new?from=${run.id}&step=${step}`}
                        className="inline-flex items-center gap-1 underline"
                      >
                        <GitFork size={13} aria-hidden /> Fork
                      </Link>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Card>
  );
}
