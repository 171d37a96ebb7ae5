import { Download, GitFork } from "lucide-react";
import type { Curves, RunDetail } from "@/lib/runs/run-schema";
import { inView, type MetricName, metrics } from "@/spec/metrics/catalogue";
import { Card } from "../../../ui/cards";
import { number } from "../../../ui/format";
import { Link } from "../../../ui/link";
import { Table } from "../../../ui/table";
import { bestStep } from "./verdict";

/** Saved checkpoints with their metrics, and a link to fork from each. */
export function Checkpoints({ run, lines }: { run: RunDetail; lines: Curves["lines"] }) {
  const shown = inView("checkpoints")
    .filter((name) => lines[name])
    .slice(0, 3);
  const last = run.checkpoints[0]?.step;
  const best = bestStep(run, lines);
  const at = (name: MetricName, step: number) => lines[name]?.y[lines[name].x.indexOf(step)];
  return (
    <Card title="Checkpoints">
      {run.best && !run.checkpoints.some(({ step }) => step === run.best?.step) && (
        <p className="numbers mb-2">
          Kept beside them: step {run.best.step}, of the lowest held-out loss ({number(run.best.heldOutLoss)}).{" "}
          <a href={`/api/runs/${run.id}/export?form=adapter&at=best`} download className="underline">
            Download {run.config.adapter ? "its adapter" : "that model"}
          </a>
        </p>
      )}
      {run.checkpoints.length === 0 ? (
        <p className="text-soft">{run.origin ? "None came with its metrics." : "None yet. Stopping saves one."}</p>
      ) : (
        <section className="overflow-x-auto" tabIndex={0} aria-label="Checkpoints: table">
          <Table
            rows={run.checkpoints}
            keyOf={({ step, createdAt }) => `${step}-${createdAt}`}
            columns={[
              {
                name: "Step",
                cell: ({ step }) => (
                  <span className="flex items-center gap-2">
                    {step}
                    {step === best?.step && <Badge title={`By ${best.by}`}>best</Badge>}
                    {step === last && <Badge title="The newest">last</Badge>}
                  </span>
                ),
              },
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
                name: "Download",
                silent: true,
                numeric: true,
                cell: ({ step }) => (
                  <a
                    href={`/api/runs/${run.id}/export?form=adapter&at=${step}`}
                    download
                    className="inline-flex items-center gap-1 underline"
                  >
                    <Download size={13} aria-hidden /> {run.config.adapter ? "Adapter" : "Model"}
                  </a>
                ),
              },
              {
                name: "Fork",
                silent: true,
                numeric: true,
                cell: ({ step }) =>
                  run.origin === null && (
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

const Badge = ({ title, children }: { title: string; children: string }) => (
  <span title={title} className="rounded-full bg-accent-wash px-2 font-normal text-accent text-xs">
    {children}
  </span>
);
