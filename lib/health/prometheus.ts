// Health in the text format that Prometheus reads: https://prometheus.io/docs/instrumenting/exposition_formats
import { sql } from "drizzle-orm";
import { appDb } from "../db/client";
import { judgements } from "../db/tables/judgements";
import { healthAt, runsByStatus } from "./health";

export const prometheusType = "text/plain; version=0.0.4; charset=utf-8";

interface Metric {
  name: string;
  type: "gauge" | "counter";
  help: string;
  /** By the value of its label, or without one under "". */
  label?: string;
  values: Record<string, number>;
}

export const prometheusText = (now: number): string => metricsAt(now).map(textOf).join("");

function metricsAt(now: number): Metric[] {
  const { runner, disk, databases } = healthAt(now);
  const gauge = (name: string, help: string, value: number): Metric => ({
    name,
    type: "gauge",
    help,
    values: { "": value },
  });
  return [
    gauge("workbench_runner_up", "Whether a runner has given a sign of life lately.", Number(runner.alive)),
    ...(runner.beatAgeMs === null
      ? []
      : [gauge("workbench_runner_beat_age_seconds", "Time since the runner's last beat.", runner.beatAgeMs / 1000)]),
    gauge("workbench_disk_free_bytes", "Bytes that can still be written to the disk of the data folder.", disk.free),
    gauge("workbench_disk_size_bytes", "Size of that disk.", disk.size),
    { name: "workbench_runs", type: "gauge", help: "Runs by status.", label: "status", values: { ...runsByStatus() } },
    {
      name: "workbench_database_bytes",
      type: "gauge",
      help: "Size of each database with its journal.",
      label: "database",
      values: databases,
    },
    {
      name: "workbench_judgements_total",
      type: "counter",
      help: "Votes and undos that were ever stored.",
      values: { "": judgementCount() },
    },
    gauge("process_resident_memory_bytes", "Memory of the web process.", process.memoryUsage.rss()),
    gauge(
      "process_start_time_seconds",
      "When the web process started, since 1970.",
      Math.round(now / 1000 - process.uptime()),
    ),
  ];
}

/** They are append-only, and numbered from 1. */
const judgementCount = (): number =>
  appDb()
    .select({ newest: sql<number>`coalesce(max(${judgements.seq}), 0)` })
    .from(judgements)
    .get()!.newest;

const textOf = ({ name, type, help, label, values }: Metric): string =>
  [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...Object.entries(values).map(([of, value]) => `${name}${label ? `{${label}="${of}"}` : ""} ${value}`),
    "",
  ].join("\n");
