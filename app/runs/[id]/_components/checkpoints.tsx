import { GitFork } from "lucide-react";
import Link from "next/link";
import type { Curves, RunDetail } from "@/lib/runs/run-schema";
import { inView, type MetricName, metrics } from "@/spec/metrics/catalogue";
import { Card } from "../../../ui/cards";
import { number } from "../../../ui/format";
import { Table } from "../../../ui/table";

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
          <Table
            rows={run.checkpoints}
            keyOf={({ step, createdAt }) => `${step}-${createdAt}`}
            columns={[
              { name: "Step", cell: ({ step }) => step },
              ...shown.map((name) => ({
                name: metrics[name].label,
                about: metrics[name].about,
                numeric: true,
                cell: ({ step }: { step: number }) => number(at(name, step), 2),
              })),
              {
                name: "Saved",
                numeric: true,
                cell: ({ createdAt }) => new Date(createdAt).toLocaleTimeString("en-GB"),
              },
              {
                name: "Fork",
                silent: true,
                numeric: true,
                cell: ({ step }) =>
                  run.config.adapter && (
                    <Link
                      href={`/runs/new?from=${run.id}&step=${step}`}
                      className="inline-flex items-center gap-1 underline"
                    >
                      <GitFork size={13} aria-hidden /> Fork
                    </Link>
                  ),
              },
            ]}
          />
        </section>
      )}
    </Card>
  );
}
